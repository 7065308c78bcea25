import { createHmac } from 'node:crypto';
import { mailFromLooksLike, mailUrlLooksLike, readMailFrom, readMailUrl } from './mail-settings';
import { pusherOf, pusherServerLooksLike, readPusherServer } from './pusher-settings';
import {
  type GetText,
  oneOf,
  readSettings,
  type Setting,
  type SettingsTable,
  type Texts,
  text,
  togetherFaults,
  whenBlank,
  wholeNumber,
} from './settings-table';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const port = (name: string) => wholeNumber(name, 1, 65_535, 'a port number from 1 to 65535');
const address = (name: string) =>
  text(name, 'an address of this machine, for example 0.0.0.0 for all of them', /^[a-z0-9.:-]+$/i);
const optional = <Value>(setting: Setting<Value>) => whenBlank(setting, undefined);
const ofPusher = (name: string, what: string) =>
  optional(text(name, `the Pusher ${what} (app id, key and secret go with a cluster or PUSHER_HOST)`));

/** Every setting of POD. The template secrets.example.ini names the same ones (a test compares). */
export const settings = {
  /** Host of the tenant, for example `pod.eu.auth0.com`. */
  auth0Domain: text(
    'AUTH0_DOMAIN',
    'the host of the Auth0 tenant, without https://, for example pod.eu.auth0.com',
    /^[a-z0-9.-]+(:\d{1,5})?$/i,
  ),
  /** Host of the tenant as Auth0 named it, where the other one is a custom domain: the Management API knows no other. */
  auth0TenantDomain: optional(
    text(
      'AUTH0_TENANT_DOMAIN',
      "the tenant's own host where AUTH0_DOMAIN is a custom domain, without https://, for example pod.eu.auth0.com",
      /^[a-z0-9.-]+(:\d{1,5})?$/i,
    ),
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
  /** Set for a self-hosted server that speaks the Pusher protocol: as browsers reach it. */
  pusherHost: optional(
    text(
      'PUSHER_HOST',
      'the host of a self-hosted Pusher-protocol server, without a scheme',
      /^[a-z0-9.-]+$/i,
    ),
  ),
  /** As POD reaches it, where that is another way. */
  pusherServer: optional({
    name: 'PUSHER_SERVER_HOST',
    looksLike: pusherServerLooksLike,
    read: readPusherServer,
  }),
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
  /** How many connections to PostgreSQL a process may hold. */
  databasePool: whenBlank(wholeNumber('DATABASE_POOL', 1, 1_000), 10),
  port: whenBlank(port('PORT'), 7100),
  /** Prometheus reads `/metrics` there. */
  metricsPort: whenBlank(port('METRICS_PORT'), 9464),
  metricsHost: whenBlank(address('METRICS_HOST'), '127.0.0.1'),
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
    ...pusherFaults(get),
    ...togetherFaults(get, [settings.mailServer, settings.mailFrom]),
    ...sessionKeyFaults(get),
  ]);
  const { mailServer, mailFrom } = values;
  return {
    ...values,
    /** Issuer of every token: `https://<domain>/`, with the slash (OpenID Connect Core §2). */
    issuer: `https://${values.auth0Domain}/`,
    sessionSecret: values.sessionSecret ?? deriveSessionSecret(values.clientSecret),
    mail: mailServer && mailFrom ? { server: mailServer, from: mailFrom } : undefined,
    pusher: pusherOf(values),
  };
}

/** A server of one's own has no cluster; without the name that browsers reach it by they would go to Pusher's. */
function pusherFaults(get: GetText): string[] {
  const { pusherAppId, pusherKey, pusherSecret, pusherCluster, pusherHost, pusherServer } = settings;
  const own = get(pusherServer.name) ? [pusherHost, pusherServer] : get(pusherHost.name) && [pusherHost];
  return togetherFaults(get, [pusherAppId, pusherKey, pusherSecret, ...(own || [pusherCluster])]);
}

/** A key is made of the client secret where there is none for sessions, and can be no better than what it is made of. */
function sessionKeyFaults(get: GetText): string[] {
  const secret = get(settings.clientSecret.name);
  if (get(settings.sessionSecret.name) || !secret || secret.length >= 32) return [];
  return [
    'APP_CLIENT_SECRET is too short to make the key of sessions of: it must have 32 characters, or set SESSION_SECRET',
  ];
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
