/** One line, as it can be called out and stand on a ticket. */
const line = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,60}$/u;

/**
 * What people call somebody, out of a profile; undefined for anything that is none. Auth0 names a user who gave no name by the
 * mailbox or the phone number, and neither belongs on a board.
 */
export function parseName(json: unknown): string | undefined {
  if (typeof json !== 'string') return undefined;
  const name = json.trim();
  return line.test(name) && !/@|\d{4}/.test(name.replace(/[\s().-]/g, '')) ? name : undefined;
}
