/** A mail server that takes mail for others (RFC 6409). */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte, or by STARTTLS before anything is said; none, which is for a server on this machine alone. */
  tls: 'first' | 'upgrade' | 'none';
  credentials?: { user: string; pass: string };
}

/** Who mails are from. */
export interface MailFrom {
  /** Shown beside the address; may be empty. */
  name: string;
  address: string;
}

export const mailUrlLooksLike =
  'smtp:// or smtps:// with user, password, host and port, for example smtp://user:password@mail.example:587, where user and password are percent-encoded';

/** @returns undefined for a text that is no such URL */
export function readMailUrl(text: string): MailServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname: host, port, pathname, search, hash, username, password } = new URL(text);
  const usual = usualPorts[protocol];
  const isMore = /[^/]/.test(pathname) || search !== '' || hash !== '';
  if (!usual || isMore || !/^[a-z0-9.-]+$/i.test(host) || !username !== !password) return undefined;
  const [user, pass] = [username, password].map(decoded);
  if (user === undefined || pass === undefined) return undefined;
  const isHere = /^(localhost|127\.0\.0\.1)$/i.test(host);
  return {
    host,
    port: port === '' ? usual : Number(port),
    tls: protocol === 'smtps:' ? 'first' : isHere ? 'none' : 'upgrade',
    ...(user !== '' && { credentials: { user, pass } }),
  };
}

/** RFC 8314 §3.3 for TLS from the first byte, RFC 6409 §3.1 for the other. */
const usualPorts: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

export const mailFromLooksLike =
  'the address that mails come from, alone or with a name: Pizza on Demand <orders@pod.example>';

/** @returns undefined for a text that is no such address */
export function readMailFrom(text: string): MailFrom | undefined {
  const [, name = '', inBrackets, alone] = /^(?:([^<>"]*)<(\S+)>|(\S+))$/.exec(text) ?? [];
  const address = inBrackets ?? alone ?? '';
  // Only what needs neither quotes nor another alphabet (RFC 5322 §3.2.3): it becomes headers and the Message-ID.
  if (!/^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(address)) return undefined;
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? undefined : { name: name.trim(), address };
}
