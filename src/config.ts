import { createHmac } from 'node:crypto';
import { ConfigError } from './errors';

/** POD's settings, checked. Built once at start by `parseConfig`. */
export interface Config {
  /** Host of the tenant, for example `pod.eu.auth0.com`. */
  auth0Domain: string;
  /** Issuer of every token: `https://<domain>/`, with the slash (OpenID Connect Core §2). */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Identifier of the API: the `aud` of its access tokens. */
  apiId: string;
  /** The key the tenant signs the API's access tokens with (HS256). */
  apiSigningKey: string;
  pusher?: PusherConfig;
  alexaSkillId?: string;
  /** Scheme, host and port under which browsers reach POD; no path. */
  publicOrigin?: string;
  /** Encrypts the back office's session cookie. */
  sessionSecret: string;
  databaseUrl?: string;
  port: number;
  /** Of the loopback address: Prometheus reads `/metrics` there. */
  metricsPort: number;
  logLevel: LogLevel;
  /** How long a stopping server still takes requests, in seconds: a balancer needs a moment to see that it stops. */
  shutdownSeconds: number;
  /** How many codes a customer may be sent within an hour: each costs money. */
  codesPerHour: number;
}

export interface PusherConfig {
  appId: string;
  key: string;
  secret: string;
  cluster: string;
  /** Set for a self-hosted server that speaks the Pusher protocol. */
  host?: string;
  port?: number;
  tls: boolean;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every setting with what it should look like. The template secrets.example.ini names the same ones (a test compares). */
export const settingShapes = {
  AUTH0_DOMAIN: 'the host of the Auth0 tenant, without https://, for example pod.eu.auth0.com',
  API_ID: 'the identifier of the API in Auth0, for example https://pod.localtest.me',
  API_SIGNING_KEY: "the API's HS256 signing key, at least 32 characters",
  APP_CLIENT_ID: 'the client id of the Auth0 application',
  APP_CLIENT_SECRET: 'the client secret of the Auth0 application',
  PUSHER_APPID: 'the Pusher app id (set all four PUSHER settings, or none)',
  PUSHER_CLUSTER: 'the Pusher cluster, for example eu (set all four PUSHER settings, or none)',
  PUSHER_KEY: 'the Pusher key (set all four PUSHER settings, or none)',
  PUSHER_SECRET: 'the Pusher secret (set all four PUSHER settings, or none)',
  PUSHER_HOST: 'the host of a self-hosted Pusher-protocol server, without a scheme',
  PUSHER_PORT: 'a port number from 1 to 65535',
  PUSHER_TLS: 'true or false',
  ALEXA_SKILL_ID: "the skill's id, for example amzn1.ask.skill.00000000-0000-0000-0000-000000000000",
  PUBLIC_ORIGIN:
    'scheme and host without a path, https:// unless the host is localhost, for example https://pod.example',
  SESSION_SECRET: 'a random text of at least 32 characters',
  DATABASE_URL: 'postgres://…, or file:… for SQLite',
  PORT: 'a port number from 1 to 65535',
  METRICS_PORT: 'a port number from 1 to 65535',
  LOG_LEVEL: logLevels.join(', '),
  SHUTDOWN_SECONDS: 'a whole number from 0 to 600',
  CODES_PER_HOUR: 'a whole number from 1 to 100',
} as const;
type Setting = keyof typeof settingShapes;

const mandatory = [
  'AUTH0_DOMAIN',
  'API_ID',
  'API_SIGNING_KEY',
  'APP_CLIENT_ID',
  'APP_CLIENT_SECRET',
] as const;
const pusherFour = ['PUSHER_APPID', 'PUSHER_CLUSTER', 'PUSHER_KEY', 'PUSHER_SECRET'] as const;

const shapes: Partial<Record<Setting, (value: string) => boolean>> = {
  AUTH0_DOMAIN: (value) => /^[a-z0-9.-]+(:\d{1,5})?$/i.test(value),
  API_SIGNING_KEY: (value) => value.length >= 32,
  PUSHER_HOST: (value) => /^[a-z0-9.-]+$/i.test(value),
  PUSHER_PORT: isPort,
  PUSHER_TLS: (value) => value === 'true' || value === 'false',
  PUBLIC_ORIGIN: isOrigin,
  SESSION_SECRET: (value) => value.length >= 32,
  ALEXA_SKILL_ID: (value) => /^amzn1\.[a-z0-9.-]+$/i.test(value),
  DATABASE_URL: (value) => /^(postgres(ql)?:\/\/.|file:.)/.test(value),
  PORT: isPort,
  METRICS_PORT: isPort,
  LOG_LEVEL: (value) => (logLevels as readonly string[]).includes(value),
  SHUTDOWN_SECONDS: (value) => /^\d{1,3}$/.test(value) && Number(value) <= 600,
  CODES_PER_HOUR: (value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100,
};

/**
 * Turns flat text settings (an ini file, the environment, webtask secrets) into a Config.
 * A blank value counts as missing. Settings POD does not know are ignored: an environment is full of them.
 * @throws ConfigError once, naming every fault.
 */
export function parseConfig(settings: Readonly<Record<string, string | undefined>>): Config {
  const get = (name: Setting) => settings[name]?.trim() || undefined;
  const faults = findFaults(get);
  if (faults.length > 0) throw new ConfigError(faults);
  const need = (name: Setting) => get(name) as string;

  return {
    auth0Domain: need('AUTH0_DOMAIN'),
    issuer: `https://${need('AUTH0_DOMAIN')}/`,
    clientId: need('APP_CLIENT_ID'),
    clientSecret: need('APP_CLIENT_SECRET'),
    apiId: need('API_ID'),
    apiSigningKey: need('API_SIGNING_KEY'),
    pusher: get('PUSHER_APPID') ? parsePusher(get, need) : undefined,
    alexaSkillId: get('ALEXA_SKILL_ID'),
    publicOrigin: get('PUBLIC_ORIGIN')?.replace(/\/$/, ''),
    sessionSecret: get('SESSION_SECRET') ?? deriveSessionSecret(need('APP_CLIENT_SECRET')),
    databaseUrl: get('DATABASE_URL'),
    port: Number(get('PORT') ?? 7100),
    metricsPort: Number(get('METRICS_PORT') ?? 9464),
    logLevel: (get('LOG_LEVEL') ?? 'info') as LogLevel,
    shutdownSeconds: Number(get('SHUTDOWN_SECONDS') ?? 5),
    codesPerHour: Number(get('CODES_PER_HOUR') ?? 5),
  };
}

function findFaults(get: (name: Setting) => string | undefined): string[] {
  const faults = mandatory
    .filter((name) => !get(name))
    .map((name) => `${name} is missing: ${settingShapes[name]}`);
  if (pusherFour.some((name) => get(name))) {
    const missing = pusherFour.filter((name) => !get(name));
    faults.push(...missing.map((name) => `${name} is missing: ${settingShapes[name]}`));
  }
  for (const [name, hasShape] of Object.entries(shapes) as [Setting, (value: string) => boolean][]) {
    const value = get(name);
    if (value && !hasShape(value)) faults.push(`${name} is malformed: it must be ${settingShapes[name]}`);
  }
  return faults;
}

function parsePusher(
  get: (name: Setting) => string | undefined,
  need: (name: Setting) => string,
): PusherConfig {
  return {
    appId: need('PUSHER_APPID'),
    key: need('PUSHER_KEY'),
    secret: need('PUSHER_SECRET'),
    cluster: need('PUSHER_CLUSTER'),
    host: get('PUSHER_HOST'),
    port: get('PUSHER_PORT') ? Number(get('PUSHER_PORT')) : undefined,
    tls: get('PUSHER_TLS') !== 'false',
  };
}

// A setting fewer to make, and every instance derives the same one. The label keeps it apart from other uses of the secret.
function deriveSessionSecret(clientSecret: string): string {
  return createHmac('sha256', clientSecret).update('pod back-office session').digest('base64url');
}

function isPort(value: string): boolean {
  return /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65535;
}

function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  if (value.replace(/\/$/, '') !== url.origin) return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127\.0\.0\.1)$/.test(url.hostname))
  );
}
