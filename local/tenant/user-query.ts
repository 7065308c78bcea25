import type { User } from './account';
import { ManagementError } from './management-error';

type Field = (user: User) => readonly unknown[];

/** The fields that can be searched; a field that repeats matches when one of its values does. */
const fields: Record<string, Field> = {
  user_id: (user) => [user.user_id],
  email: (user) => [user.email],
  phone_number: (user) => [user.phone_number],
  'identities.profileData.email': (user) => user.identities.map(({ profileData }) => profileData?.email),
  'identities.profileData.phone_number': (user) =>
    user.identities.map(({ profileData }) => profileData?.phone_number),
  'identities.connection': (user) => user.identities.map(({ connection }) => connection),
  'identities.provider': (user) => user.identities.map(({ provider }) => provider),
  'identities.user_id': (user) => user.identities.map(({ user_id }) => user_id),
};

/**
 * Reads the part of Auth0's search language (Lucene syntax, engine v3) that asks for exact values: `field:"value"`, any
 * number of them joined by AND, each of them also a choice in brackets, joined by OR. An empty query matches everybody.
 * @throws ManagementError 400 `invalid_query_string` for anything else
 */
export function parseUserQuery(query: string): (user: User) => boolean {
  if (query.trim() === '') return () => true;
  const terms = split(query.trim(), 'AND').map(parseChoice);
  return (user) => terms.every((matches) => matches(user));
}

/** Splits at an operator that stands outside quotation marks. */
function split(text: string, operator: 'AND' | 'OR'): string[] {
  return text.split(new RegExp(`\\s+${operator}\\s+(?=(?:[^"]*"[^"]*")*[^"]*$)`));
}

function parseChoice(term: string): (user: User) => boolean {
  const choice = /^\((.*)\)$/s.exec(term)?.[1];
  if (choice === undefined) return parseTerm(term);
  const terms = split(choice, 'OR').map(parseTerm);
  return (user) => terms.some((matches) => matches(user));
}

function parseTerm(term: string): (user: User) => boolean {
  const [, name = '', quoted, bare] =
    /^([\w.]+):(?:"((?:[^"\\]|\\.)*)"|([^\s"*?]+))$/.exec(term.trim()) ?? [];
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  const value = (quoted ?? bare)?.replaceAll(/\\(.)/g, '$1').toLowerCase();
  if (!field || value === undefined) {
    throw new ManagementError(400, 'invalid_query_string', `This tenant cannot search for ${term}.`);
  }
  return (user) => field(user).some((found) => String(found ?? '').toLowerCase() === value);
}
