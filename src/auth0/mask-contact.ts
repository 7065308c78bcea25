const hidden = '•••';

/**
 * A phone number as it may be shown and spoken: `•••• 0199`. Takes E.164, but never reveals more than the last four
 * digits of any text: four of ten or more, two of five or more, else none.
 */
export function maskPhone(number: string): string {
  const digits = number.replace(/[^0-9]/g, '');
  const shown = digits.length >= 10 ? 4 : digits.length >= 5 ? 2 : 0;
  return shown === 0 ? `${hidden}•` : `${hidden}• ${digits.slice(-shown)}`;
}

/**
 * A mailbox as it may be shown: `a•••@example.com`. Reveals the domain and the first letter of the local part, unless
 * that letter is the whole of it (or no letter). A text that is not a mailbox is hidden altogether.
 */
export function maskMailbox(mailbox: string): string {
  // The last @: a quoted local part may hold another one (RFC 5321 §4.1.2).
  const at = mailbox.lastIndexOf('@');
  const domain = mailbox.slice(at + 1);
  if (at < 1 || !/^[\p{L}\p{N}.-]+$/u.test(domain)) return hidden;
  const letters = [...mailbox.slice(0, at)];
  const first = letters.length > 1 && /[\p{L}\p{N}]/u.test(letters[0] as string) ? letters[0] : '';
  return `${first}${hidden}@${domain}`;
}
