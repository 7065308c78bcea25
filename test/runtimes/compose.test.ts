import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig, settings } from '../../src/config';
import { alertFile } from '../fixtures/monitoring';
import { testSettings } from '../fixtures/settings';

interface Service {
  build?: string;
  image?: string;
  env_file?: string;
  environment?: Record<string, string | number>;
  ports?: string[];
  volumes?: string[];
  configs?: { source: string; target: string }[];
}
interface PrometheusConfig {
  rule_files: string[];
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

const text = readFileSync('compose.yaml', 'utf8');
const compose: {
  services: Record<'pod' | 'postgres' | 'pgbouncer' | 'soketi' | 'prometheus', Service>;
  configs: { prometheus: { content: string } };
  volumes: Record<string, null>;
} = parse(text);
const { pod, postgres, pgbouncer, soketi, prometheus } = compose.services;
const scraping: PrometheusConfig = parse(compose.configs.prometheus.content);

/** What the operator writes into the settings file. */
const settingsFile: Record<string, string> = {
  ...testSettings,
  PUSHER_APPID: 'app',
  PUSHER_KEY: 'a key',
  PUSHER_SECRET: 'a secret',
  POSTGRES_PASSWORD: 'aPassword1',
};

/** As Compose fills it in, where a blank variable counts as missing. */
function filledIn({ environment = {} }: Service, variables = settingsFile): Record<string, string> {
  const fill = (value: string) =>
    value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_all, name, operator, otherwise) => {
      const given = variables[name] || (operator === '-' ? otherwise : undefined);
      if (given === undefined) throw new Error(`${name} is missing`);
      return given;
    });
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(String(value))]));
}

/** What POD reads in its container: the environment goes over the settings file. */
const podConfig = (variables = settingsFile) => parseConfig({ ...variables, ...filledIn(pod, variables) });

it('names only settings that POD has', () => {
  const known = Object.values(settings).map(({ name }) => name);
  expect(known).toEqual(expect.arrayContaining(Object.keys(pod.environment ?? {})));
  expect(pod.env_file).toBe('src/runtimes/secrets.ini');
});

it('listens where the Dockerfile says, for a proxy on the same machine', () => {
  const [, exposed] = /^EXPOSE (\d+)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
  expect(podConfig().port).toBe(Number(exposed));
  expect(pod.ports).toEqual([`127.0.0.1:${exposed}:${exposed}`]);
});

it('opens no port to other machines', () => {
  const ports = Object.values(compose.services).flatMap((service) => service.ports ?? []);
  expect(ports.length).toBeGreaterThan(2);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

it('reaches PostgreSQL through PgBouncer, as one role in one database with one password', () => {
  const { databaseUrl = '' } = podConfig();
  const { protocol, username, password, hostname, port, pathname } = new URL(databaseUrl);
  expect({ protocol, hostname, port }).toEqual({
    protocol: 'postgres:',
    hostname: 'pgbouncer',
    port: '5432',
  });
  const asked = { name: pathname.slice(1), user: username, password };
  const pooler = filledIn(pgbouncer);
  const { DB_NAME: name, DB_USER: user } = pooler;
  expect({ name, user, password: pooler.DB_PASSWORD }).toEqual(asked);
  const server = filledIn(postgres);
  expect(pooler).toMatchObject({ DB_HOST: 'postgres', POOL_MODE: 'transaction' });
  expect({
    name: server.POSTGRES_DB,
    user: server.POSTGRES_USER,
    password: server.POSTGRES_PASSWORD,
  }).toEqual(asked);
});

it('pushes to soketi, and sends browsers to the port that it is open at', () => {
  const { pusher } = podConfig();
  const [published = ''] = soketi.ports ?? [];
  const [, outside, inside] = published.split(':').map(Number);
  expect(pusher).toMatchObject({
    own: { host: 'localhost', port: outside, tls: false },
    ownFromHere: { host: 'soketi', port: inside, tls: false },
  });
  const app = filledIn(soketi);
  expect({
    appId: app.SOKETI_DEFAULT_APP_ID,
    key: app.SOKETI_DEFAULT_APP_KEY,
    secret: app.SOKETI_DEFAULT_APP_SECRET,
  }).toEqual({ appId: pusher?.appId, key: pusher?.key, secret: pusher?.secret });
});

it('sends browsers elsewhere when the settings file says so', () => {
  const own = { PUSHER_HOST: 'push.pod.example', PUSHER_PORT: '443', PUSHER_TLS: 'true' };
  expect(podConfig({ ...settingsFile, ...own }).pusher).toMatchObject({
    own: { host: 'push.pod.example', port: 443, tls: true },
    ownFromHere: { host: 'soketi', port: 6001, tls: false },
  });
});

it('has Prometheus read what POD counts, under the name that the alerts know', () => {
  const { metricsHost, metricsPort } = podConfig();
  expect(metricsHost).toBe('0.0.0.0');
  const [job] = scraping.scrape_configs;
  expect(job).toEqual({ job_name: 'pod', static_configs: [{ targets: [`pod:${metricsPort}`] }] });
  expect(prometheus.configs).toEqual([{ source: 'prometheus', target: '/etc/prometheus/prometheus.yml' }]);
  expect(scraping.rule_files).toEqual(['alerts.yml']);
  expect(prometheus.volumes).toContain(`./${alertFile}:/etc/prometheus/alerts.yml:ro`);
});

it('holds no secret, and asks for each that is missing', () => {
  const secrets = Object.values(compose.services)
    .flatMap(({ environment = {} }) => Object.entries(environment))
    .filter(([name]) => /PASSWORD|SECRET|KEY|APP_?ID|DATABASE_URL/.test(name));
  expect(secrets.length).toBeGreaterThan(5);
  for (const [name, value] of secrets) {
    expect(value, name).toMatch(/^(postgres:\/\/pod:)?\$\{\w+:\?[^}]*\}(@pgbouncer:5432\/pod)?$/);
  }
  for (const missing of ['POSTGRES_PASSWORD', 'PUSHER_APPID', 'PUSHER_KEY', 'PUSHER_SECRET']) {
    const variables = { ...settingsFile, [missing]: '' };
    const start = () => Object.values(compose.services).map((service) => filledIn(service, variables));
    expect(start, missing).toThrow(`${missing} is missing`);
  }
});

it('keeps what must outlive a container in volumes that it names, and mounts only files that there are', () => {
  const mounts = Object.values(compose.services).flatMap(({ volumes = [] }) =>
    volumes.map((volume) => volume.split(':')[0] ?? ''),
  );
  const named = mounts.filter((mount) => !mount.startsWith('.'));
  expect(named.sort()).toEqual(Object.keys(compose.volumes).sort());
  for (const path of mounts.filter((mount) => mount.startsWith('.')))
    expect(existsSync(path), path).toBe(true);
  expect(existsSync(`${pod.build}/Dockerfile`)).toBe(true);
});

it('names the version of each image', () => {
  const images = Object.values(compose.services).flatMap(({ image }) => image ?? []);
  expect(images.length).toBe(4);
  for (const image of images) expect(image).toMatch(/:v?\d/);
});

it('gives a stopping POD the time that it takes', () => {
  const [, seconds] = /^ {4}stop_grace_period: (\d+)s$/m.exec(text) ?? [];
  // A turn takes less than 7 s, and mails up to 2.5.
  expect(Number(seconds)).toBeGreaterThan(podConfig().shutdownSeconds + 10);
});
