import type { Definition } from '../../local/tenant/definition';

/** One way in which a tenant is not what the definition says. */
export interface Difference {
  /** `application POD, grant_types`. */
  where: string;
  /** `lacks http://auth0.com/oauth/grant-type/passwordless/otp`. It never holds a secret. */
  what: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** What the lists of a definition hold, in a person's words. */
const nouns: Readonly<Record<string, string>> = {
  clients: 'application',
  resourceServers: 'API',
  clientGrants: 'access of',
  databases: 'database',
  connections: 'connection',
  roles: 'role',
};

/** Members of a list are the same by the first of these that they have. */
const keys = ['name', 'client_id', 'value', 'permission_name'];
/** Not told; Auth0 may mask them. */
const secret = new Set(['signing_secret', 'twilio_token']);
/** An operator's own; and what nothing depends on. */
const free = new Set(['allowlist', 'description']);

/**
 * Where a tenant differs from a definition, in all that the definition says; what else is in the tenant does not matter.
 * @param expected with the values of keywords in it
 * @param actual by names in the place of ids, as `readTenant` gives it
 */
export function compareDefinition(expected: Definition, actual: Definition): Difference[] {
  return Object.entries(expected).flatMap(([part, wanted]) => {
    const found = actual[part as keyof Definition];
    const noun = nouns[part];
    if (!noun || !Array.isArray(wanted)) return compare(part, wanted, found);
    return wanted.flatMap((member: Fields) => {
      const same = memberLike(member, (found ?? []) as Fields[]);
      const where = `${noun} ${nameOf(member)}`;
      return same ? compareFields(where, member, same) : [{ where, what: 'is missing' }];
    });
  });
}

function compare(where: string, wanted: unknown, found: unknown): Difference[] {
  if (Array.isArray(wanted)) return compareLists(where, wanted, Array.isArray(found) ? found : []);
  if (isFields(wanted)) return compareFields(where, wanted, isFields(found) ? found : {});
  // Auth0 leaves out much of what is off.
  const isOff = wanted === false && found === undefined;
  const [one, other] = [wanted, found].map((value) => (typeof value === 'string' ? value.trim() : value));
  return isOff || one === other ? [] : [{ where, what: `is ${shown(found)} instead of ${shown(wanted)}` }];
}

function compareFields(where: string, wanted: Fields, found: Fields): Difference[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    if (free.has(name) || value === undefined) return [];
    const place = `${where}, ${name}`;
    if (!secret.has(name)) return compare(place, value, found[name]);
    return found[name] === undefined || found[name] === value
      ? []
      : [{ where: place, what: 'is another one' }];
  });
}

function compareLists(where: string, wanted: readonly unknown[], found: readonly unknown[]): Difference[] {
  const has = (list: readonly unknown[], member: unknown) =>
    isFields(member) ? memberLike(member, list.filter(isFields)) !== undefined : list.includes(member);
  const named = (members: readonly unknown[]) =>
    members.map((member) => (isFields(member) ? nameOf(member) : shown(member))).join(', ');
  const lacks = wanted.filter((member) => !has(found, member));
  const extra = found.filter((member) => !has(wanted, member));
  return [
    ...(lacks.length > 0 ? [{ where, what: `lacks ${named(lacks)}` }] : []),
    ...(extra.length > 0 ? [{ where, what: `has ${named(extra)} besides` }] : []),
  ];
}

function memberLike(wanted: Fields, members: readonly Fields[]): Fields | undefined {
  const key = keys.find((name) => wanted[name] !== undefined) ?? 'name';
  const same = (name: string) => (member: Fields) =>
    wanted[name] === undefined || member[name] === wanted[name];
  return members.filter(same(key)).find(same('audience'));
}

function nameOf(member: Fields): string {
  const name = String(keys.map((key) => member[key]).find((value) => value !== undefined));
  return member.audience ? `${name} to ${member.audience}` : name;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' && value.length < 100 ? value : JSON.stringify(value).slice(0, 100);
}
