import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { parseConfig, settings } from '../src/config';
import { faultsOf } from './fixtures/faults-of';

const mandatory = {
  AUTH0_DOMAIN: 'pod.eu.auth0.com',
  API_ID: 'https://pod.localtest.me',
  API_SIGNING_KEY: 'a-signing-key-of-at-least-32-characters',
  APP_CLIENT_ID: 'client-id',
  APP_CLIENT_SECRET: 'a-client-secret-of-at-least-32-characters',
};

interface Setting {
  name: string;
  blank?: { value: unknown };
  read(text: string): unknown;
}

describe('settings', () => {
  it('are complete with the five mandatory ones', () => {
    expect(parseConfig(mandatory)).toMatchObject({
      auth0Domain: 'pod.eu.auth0.com',
      issuer: 'https://pod.eu.auth0.com/',
      port: 7100,
      codesPerHour: 5,
      pusher: undefined,
      alexaSkillId: undefined,
    });
  });

  it('are refused in one message that names every fault and what is wanted, and no value', () => {
    const secret = 'short-secret-key';
    const faulty = {
      API_SIGNING_KEY: secret,
      PORT: '99999',
      PUSHER_KEY: 'k',
      PUBLIC_ORIGIN: 'http://pod.example/x',
    };
    const faults = faultsOf(faulty);
    for (const name of [
      'AUTH0_DOMAIN',
      'API_ID',
      'APP_CLIENT_ID',
      'APP_CLIENT_SECRET',
      'API_SIGNING_KEY',
      'PORT',
    ]) {
      expect(faults.filter((fault) => fault.startsWith(`${name} `))).toHaveLength(1);
    }
    expect(faults.filter((fault) => fault.startsWith('PUSHER_'))).toHaveLength(3);
    expect(faults.join()).toContain('PUBLIC_ORIGIN is malformed: it must be scheme and host');
    expect(faults.join()).not.toContain(secret);
  });

  it('count a blank value as missing', () => {
    expect(faultsOf({ ...mandatory, API_ID: '  ' })).toEqual([expect.stringMatching(/^API_ID is missing/)]);
    expect(parseConfig({ ...mandatory, ALEXA_SKILL_ID: '' }).alexaSkillId).toBeUndefined();
  });

  it.each([
    ['AUTH0_DOMAIN', 'https://pod.eu.auth0.com'],
    ['PUBLIC_ORIGIN', 'http://pod.example'],
    ['PUBLIC_ORIGIN', 'pod.example'],
    ['PUBLIC_ORIGIN', 'javascript:alert(1)'],
    ['SESSION_SECRET', 'short'],
    ['DATABASE_URL', 'mysql://x'],
    ['PORT', '0'],
    ['PORT', '80.5'],
    ['LOG_LEVEL', 'loud'],
    ['METRICS_HOST', 'http://0.0.0.0'],
    ['AUTH0_TENANT_DOMAIN', 'https://pod.eu.auth0.com'],
    ['CODES_PER_HOUR', '0'],
    ['CODES_PER_HOUR', '1e2'],
    ['ALEXA_SKILL_ID', 'my skill'],
  ])('refuse %s=%s', (name, value) => {
    expect(faultsOf({ ...mandatory, [name]: value })).toEqual([
      expect.stringContaining(`${name} is malformed`),
    ]);
  });

  it('take both mail settings together, with TLS unless the server is on this machine', () => {
    const from = { MAIL_FROM: 'Pizza on Demand <orders@pod.example>' };
    const mailOf = (url: string) => parseConfig({ ...mandatory, ...from, MAIL_URL: url }).mail;
    expect(mailOf('smtp://pod:p%40ss@mail.example')).toEqual({
      server: {
        host: 'mail.example',
        port: 587,
        tls: 'upgrade',
        credentials: { user: 'pod', pass: 'p@ss' },
      },
      from: { name: 'Pizza on Demand', address: 'orders@pod.example' },
    });
    expect(mailOf('smtps://pod:p@mail.example')?.server).toMatchObject({ port: 465, tls: 'first' });
    expect(mailOf('smtp://127.0.0.1:2525/')?.server).toEqual({ host: '127.0.0.1', port: 2525, tls: 'none' });
    expect(mailOf('smtp://localhost.example')?.server).toMatchObject({ tls: 'upgrade' });
    const alone = { ...mandatory, MAIL_URL: 'smtp://mail.example', MAIL_FROM: 'orders@pod.example' };
    expect(parseConfig(alone).mail?.from).toEqual({ name: '', address: 'orders@pod.example' });
  });

  it('refuse one mail setting without the other, and never show the password', () => {
    expect(faultsOf({ ...mandatory, MAIL_URL: 'smtp://pod:hidden@mail.example' })).toEqual([
      expect.stringMatching(/^MAIL_FROM is missing/),
    ]);
    expect(faultsOf({ ...mandatory, MAIL_FROM: 'orders@pod.example' })).toEqual([
      expect.stringMatching(/^MAIL_URL is missing/),
    ]);
    const faulty = { MAIL_URL: 'http://pod:hidden@mail.example', MAIL_FROM: 'orders@pod.example' };
    expect(faultsOf({ ...mandatory, ...faulty }).join()).not.toContain('hidden');
  });

  it.each([
    ['MAIL_URL', 'mail.example'],
    ['MAIL_URL', 'https://mail.example'],
    ['MAIL_URL', 'smtp://user@mail.example'],
    ['MAIL_URL', 'smtp://:password@mail.example'],
    ['MAIL_URL', 'smtp://user:%zz@mail.example'],
    ['MAIL_URL', 'smtp://mail.example:99999'],
    ['MAIL_URL', 'smtp://mail.example/path'],
    ['MAIL_URL', 'smtps://mail.example?tls.minVersion=TLSv1'],
    ['MAIL_URL', 'smtp://'],
    ['MAIL_FROM', 'Pizza on Demand'],
    ['MAIL_FROM', 'orders@'],
    ['MAIL_FROM', 'a@pod.example, b@pod.example'],
    ['MAIL_FROM', 'Pizza <orders@pod.example> <x@pod.example>'],
    ['MAIL_FROM', 'Pizza\r\nBcc: x@pod.example <orders@pod.example>'],
    ['MAIL_FROM', '"Pizza" <orders@pod.example>'],
    ['MAIL_FROM', 'orders@[127.0.0.1]'],
  ])('refuse a malformed %s: %j', (name, value) => {
    const right = { MAIL_URL: 'smtp://mail.example', MAIL_FROM: 'orders@pod.example' };
    expect(faultsOf({ ...mandatory, ...right, [name]: value })).toEqual([
      expect.stringContaining(`${name} is malformed`),
    ]);
  });

  it('derive one session secret on every instance, which is not the client secret', () => {
    const [first, second] = [parseConfig(mandatory), parseConfig(mandatory)];
    expect(first.sessionSecret).toBe(second.sessionSecret);
    expect(first.sessionSecret).not.toContain(mandatory.APP_CLIENT_SECRET);
    expect(first.sessionSecret.length).toBeGreaterThanOrEqual(32);
  });

  it('refuse a client secret that is too short to make the key of sessions of, unless there is a key', () => {
    const short = { ...mandatory, APP_CLIENT_SECRET: 'short-client-secret' };
    expect(faultsOf(short)).toEqual([expect.stringMatching(/^APP_CLIENT_SECRET is too short/)]);
    expect(faultsOf(short).join()).not.toContain('short-client-secret');
    expect(faultsOf({ ...short, SESSION_SECRET: 's'.repeat(32) })).toEqual([]);
  });

  it('have defaults that pass their own checks', () => {
    for (const { name, blank, read } of Object.values(settings) as Setting[]) {
      if (blank?.value !== undefined) expect(read(String(blank.value)), name).toEqual(blank.value);
    }
  });

  it('are exactly those of the template', () => {
    const template = parse(readFileSync('secrets.example.ini', 'utf8'));
    const names = Object.values(settings).map(({ name }) => name);
    expect(Object.keys(template).sort()).toEqual(names.sort());
  });
});
