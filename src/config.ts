import { createHmac } from 'node:crypto';
import { mailFromLooksLike, mailUrlLooksLike, readMailFrom, readMailUrl } from './mail-settings';

/** The settings cannot be used. The message lists every fault at once and never a setting's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`POD cannot start with these settings:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** One setting, from which its type, its check, its message and its default follow. */
interface Setting<Value> {
  /** As in the settings file and the environment. */
  name: string;
  looksLike: string;
  /** The value of a text; undefined for one that does not look like it. */
  read(text: string): Value | undefined;
  /** The value when it is blank. A setting without one must be set. */
  blank?: { value: Value };
}

/** Settings by the names of their values. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type ValuesOf<Table extends SettingsTable> = {
  [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** A whole number, within both bounds. */
export function wholeNumber(name: string, least: number, most: number, looksLike?: string): Setting<number> {
  const read = (text: string) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? number : undefined;
  };
  return { name, looksLike: looksLike ?? `a whole number from ${least} to ${most}`, read };
}

/** One of these words. */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): Setting<Word> {
  return { name, looksLike: words.join(', '), read: (text) => words.find((word) => word === text) };
}

/** A text that matches; any text without a shape. */
export function text(name: string, looksLike: string, shape = /^/): Setting<string> {
  return { name, looksLike, read: (value) => (shape.test(value) ? value : undefined) };
}

/** The setting with a value for when it is blank. */
export function whenBlank<Value, Default>(
  { read, ...setting }: Setting<Value>,
  value: Default,
): Setting<Value | Default> {
  return { ...setting, read, blank: { value } };
}

const port = (name: string) => wholeNumber(name, 1, 65_535, 'a port number from 1 to 65535');
const optional = <Value>(setting: Setting<Value>) => whenBlank(setting, undefined);
const ofPusher = (name: string, what: string) =>
  optional(text(name, `the Pusher ${what} (set all four PUSHER settings, or none)`));

/** Every setting of POD. The template secrets.example.ini names the same ones (a test compares). */
export const settings = {
  /** Host of the tenant, for example `pod.eu.auth0.com`. */
  auth0Domain: text(
    'AUTH0_DOMAIN',
    'the host of the Auth0 tenant, without https://, for example pod.eu.auth0.com',
    /^[a-z0-9.-]+(:\d{1,5})?$/i,
  ),
  /** Identifier of the API: the `aud` of its access tokens. */
  apiId: text('API_ID', 'the identifier of the API in Auth0, for example https://pod.localtest.me'),
  /** The key the tenant signs the API's access tokens with (HS256). */
  apiSigningKey: text('API_SIGNING_KEY', "the API's HS256 signing key, at least 32 characters", /^.{32}/s),
  clientId: text('APP_CLIENT_ID', 'the client id of the Auth0 application'),
  clientSecret: text('APP_CLIENT_SECRET', 'the client secret of the Auth0 application'),
  pusherAppId: ofPusher('PUSHER_APPID', 'app id'),
  pusherCluster: ofPusher('PUSHER_CLUSTER', 'cluster, for example eu'),
  pusherKey: ofPusher('PUSHER_KEY', 'key'),
  pusherSecret: ofPusher('PUSHER_SECRET', 'secret'),
  /** Set for a self-hosted server that speaks the Pusher protocol. */
  pusherHost: optional(
    text(
      'PUSHER_HOST',
      'the host of a self-hosted Pusher-protocol server, without a scheme',
      /^[a-z0-9.-]+$/i,
    ),
  ),
  pusherPort: optional(port('PUSHER_PORT')),
  pusherTls: whenBlank(oneOf('PUSHER_TLS', ['true', 'false']), 'true'),
  mailServer: optional({ name: 'MAIL_URL', looksLike: mailUrlLooksLike, read: readMailUrl }),
  mailFrom: optional({ name: 'MAIL_FROM', looksLike: mailFromLooksLike, read: readMailFrom }),
  alexaSkillId: optional(
    text(
      'ALEXA_SKILL_ID',
      "the skill's id, for example amzn1.ask.skill.00000000-0000-0000-0000-000000000000",
      /^amzn1\.[a-z0-9.-]+$/i,
    ),
  ),
  /** Scheme, host and port under which browsers reach POD; no path. */
  publicOrigin: optional({
    name: 'PUBLIC_ORIGIN',
    looksLike:
      'scheme and host without a path, https:// unless the host is localhost, for example https://pod.example',
    read: readOrigin,
  }),
  /** Encrypts the back office's session cookie. */
  sessionSecret: optional(text('SESSION_SECRET', 'a random text of at least 32 characters', /^.{32}/s)),
  databaseUrl: optional(
    text('DATABASE_URL', 'postgres://…, or file:… for SQLite', /^(postgres(ql)?:\/\/.|file:.)/),
  ),
  port: whenBlank(port('PORT'), 7100),
  /** Of the loopback address: Prometheus reads `/metrics` there. */
  metricsPort: whenBlank(port('METRICS_PORT'), 9464),
  logLevel: whenBlank(oneOf('LOG_LEVEL', logLevels), 'info'),
  /** How long a stopping server still takes requests: a balancer needs a moment to see that it stops. */
  shutdownSeconds: whenBlank(wholeNumber('SHUTDOWN_SECONDS', 0, 600), 5),
  /** How many orders a customer may ask for within an hour, whatever becomes of them. */
  ordersPerHour: whenBlank(wholeNumber('ORDERS_PER_HOUR', 1, 1_000), 20),
  /** How many codes a customer may be sent within an hour: each costs money. */
  codesPerHour: whenBlank(wholeNumber('CODES_PER_HOUR', 1, 100), 5),
  /** How many codes all customers together may be sent within an hour, by all instances. */
  codesPerHourTotal: whenBlank(wholeNumber('CODES_PER_HOUR_TOTAL', 1, 1_000_000), 1_000),
  /** How many digits a code has: the OTP Length of the tenant's passwordless connections. */
  codeLength: whenBlank(
    {
      name: 'CODE_LENGTH',
      looksLike: '4 or 6, the OTP Length of the passwordless connections in Auth0',
      read: (length) => ([4, 6] as const).find((digits) => String(digits) === length),
    },
    4 as const,
  ),
  /** The beginnings of the phone numbers that codes may be texted to. */
  phoneCountries: optional({
    name: 'PHONE_COUNTRIES',
    looksLike: 'country calling codes that codes may be texted to, for example +1 +44 (any when blank)',
    read: (codes) =>
      /^\+[1-9]\d{0,5}([\s,]+\+[1-9]\d{0,5})*$/.test(codes) ? codes.split(/[\s,]+/) : undefined,
  }),
} satisfies SettingsTable;

/** POD's settings, checked. Built once at start by `parseConfig`. */
export type Config = ReturnType<typeof parseConfig>;

/**
 * Turns flat text settings (an ini file, the environment, webtask secrets) into a Config.
 * @throws ConfigError once, naming every fault.
 */
export function parseConfig(texts: Texts) {
  const values = readSettings(settings, texts, (get) => [
    ...togetherFaults(get, [
      settings.pusherAppId,
      settings.pusherCluster,
      settings.pusherKey,
      settings.pusherSecret,
    ]),
    ...togetherFaults(get, [settings.mailServer, settings.mailFrom]),
    ...sessionKeyFaults(get),
  ]);
  const {
    pusherAppId: appId,
    pusherKey: key,
    pusherSecret: secret,
    pusherCluster: cluster,
    pusherHost: host,
    pusherPort: port,
    pusherTls,
    mailServer,
    mailFrom,
    ...others
  } = values;
  const pusher = { host, port, tls: pusherTls === 'true' };
  return {
    ...others,
    /** Issuer of every token: `https://<domain>/`, with the slash (OpenID Connect Core §2). */
    issuer: `https://${values.auth0Domain}/`,
    sessionSecret: values.sessionSecret ?? deriveSessionSecret(values.clientSecret),
    mail: mailServer && mailFrom ? { server: mailServer, from: mailFrom } : undefined,
    pusher: appId && key && secret && cluster ? { appId, key, secret, cluster, ...pusher } : undefined,
  };
}

type Texts = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of a table. A blank value counts as missing. Texts the table does not name are ignored: an environment
 * is full of them.
 * @param moreFaults what is wrong with these settings together
 * @throws ConfigError once, naming every fault
 */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  texts: Texts,
  moreFaults: (get: (name: string) => string | undefined) => string[] = () => [],
): ValuesOf<Table> {
  const get = (name: string) => texts[name]?.trim() || undefined;
  const faults: string[] = [];
  const values = Object.entries(table).map(([key, setting]) => {
    const given = get(setting.name);
    const value = given === undefined ? setting.blank?.value : setting.read(given);
    if (given === undefined && !setting.blank) faults.push(isMissing(setting));
    if (given !== undefined && value === undefined) {
      faults.push(`${setting.name} is malformed: it must be ${setting.looksLike}`);
    }
    return [key, value];
  });
  faults.push(...moreFaults(get));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.fromEntries(values);
}

/** Of settings that are set all or none: those that are missing beside others. */
function togetherFaults(
  get: (name: string) => string | undefined,
  all: readonly Setting<unknown>[],
): string[] {
  const missing = all.filter(({ name }) => !get(name));
  return missing.length < all.length ? missing.map(isMissing) : [];
}

/** A key is made of the client secret where there is none for sessions, and can be no better than what it is made of. */
function sessionKeyFaults(get: (name: string) => string | undefined): string[] {
  const secret = get(settings.clientSecret.name);
  if (get(settings.sessionSecret.name) || !secret || secret.length >= 32) return [];
  return [
    'APP_CLIENT_SECRET is too short to make the key of sessions of: it must have 32 characters, or set SESSION_SECRET',
  ];
}

function isMissing({ name, looksLike }: Setting<unknown>): string {
  return `${name} is missing: ${looksLike}`;
}

// A setting fewer to make, and every instance derives the same one. The label keeps it apart from other uses of the secret.
function deriveSessionSecret(clientSecret: string): string {
  return createHmac('sha256', clientSecret).update('pod back-office session').digest('base64url');
}

function readOrigin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const { origin, protocol, hostname } = new URL(value);
  if (value.replace(/\/$/, '') !== origin) return undefined;
  const isLoopback = protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(hostname);
  return protocol === 'https:' || isLoopback ? origin : undefined;
}
