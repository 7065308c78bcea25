import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { notVerifiedReasons } from '../../src/alexa/verify-error';

import { settings, start } from './start-test-server';

const root = resolve(__dirname, '../..');

it('logs each step with its request, outcome and duration, and no token', async () => {
  const { lines, token, order } = await start();
  await order();
  const steps = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'order step');
  expect(steps).toMatchObject([
    { step: 'place', outcome: 'upstream_unavailable', requestId: 'api:k1', durationMs: expect.any(Number) },
  ]);
  expect(lines.join()).not.toContain(token);
  expect(lines.join()).not.toContain(settings.APP_CLIENT_SECRET);
});

it('A17: says of each step who took it, by which door and as what', async () => {
  const { lines, order } = await start();
  await order();
  const step = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'order step');
  expect(step).toMatchObject({ customerId: 'auth0|a', door: 'api', by: 'customer' });
});

it('A17: writes one line for each refused request, who, where, as what and why, and counts it', async () => {
  const { server, lines, token } = await start();
  const authorization = `Bearer ${token}`;
  const unknown = '00000000-0000-4000-8000-000000000000';
  await fetch(`${server.url}/api/orders`, { headers: { authorization: 'Bearer forged.to.ken' } });
  await fetch(`${server.url}/api/orders/${unknown}`, { headers: { authorization } });
  await fetch(`${server.url}/api/orders?customer=auth0|b`, { headers: { authorization } });
  await fetch(`${server.url}/alexa`, { method: 'POST', body: '{}' });
  await fetch(`${server.url}/app/orders`, { headers: { host: 'localhost' } });
  await fetch(`${server.url}/app/unlock`, { method: 'POST' });

  const refused = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /refused/.test(msg));
  const known = { customerId: 'auth0|a', as: 'customer' };
  expect(refused).toMatchObject([
    { door: 'api', as: 'nobody', outcome: 'invalid_token' },
    { door: 'api', ...known, outcome: 'not_found' },
    { door: 'api', ...known, outcome: 'forbidden' },
    { door: 'alexa', as: 'nobody', outcome: 'header_missing' },
    { door: 'app', as: 'nobody', outcome: 'invalid_token' },
    { door: 'app', as: 'nobody', outcome: 'forbidden' },
  ]);
  expect(lines.join()).not.toMatch(/forged|eyJ/);

  const metrics = await (await fetch(server.metricsUrl)).text();
  expect(metrics).toContain('pod_refusals_total{door="api",reason="not_found"} 1');
  expect(metrics).toContain('pod_refusals_total{door="alexa",reason="header_missing"} 1');
});

it.each([
  ['', '127.0.0.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['::1', '[::1]'],
])('B12: tells Prometheus what it counts at METRICS_HOST %j', async (given, host) => {
  const { server } = await start({ METRICS_HOST: given });
  expect(new URL(server.metricsUrl).hostname).toBe(host);
  expect((await fetch(server.metricsUrl)).status).toBe(200);
});

it('B23: leads from its root to the page', async () => {
  const { server } = await start();
  const answer = await fetch(`${server.url}/`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/app/']);
});

it('counts from nought, so that the first event has a rate', async () => {
  const { server } = await start();
  const metrics = await (await fetch(server.metricsUrl)).text();
  for (const line of [
    'pod_orders_total{status="confirmed"} 0',
    'pod_code_sends_total{outcome="done"} 0',
    'pod_attempts_total{outcome="wrong_code"} 0',
    'pod_refusals_total{door="app",reason="forbidden"} 0',
    'pod_sign_ins_total{outcome="refused"} 0',
    'pod_mails_total{outcome="sent"} 0',
    'pod_turn_seconds_count{step="place"} 0',
    'pod_state{state="stopped"} 0',
    'pod_store_seconds_count{call="transact"} 0',
    'pod_store_faults_total{reason="store_full"} 0',
    'process_start_time_seconds ',
    'nodejs_eventloop_lag_seconds ',
    ...notVerifiedReasons.map((reason) => `pod_refusals_total{door="alexa",reason="${reason}"} 0`),
  ]) {
    expect(metrics).toContain(line);
  }
});

it('counts sign-ins, and times what they ask of Auth0', async () => {
  const { server } = await start();
  await fetch(`${server.url}/app/oidc/start`, { redirect: 'manual' });
  const metrics = await (await fetch(server.metricsUrl)).text();
  expect(metrics).toContain('pod_sign_ins_total{outcome="unavailable"} 1');
  expect(metrics).toMatch(
    /pod_auth0_request_seconds_count\{path="\/.well-known\/openid-configuration",status="0"\} 1/,
  );
});

it.each(['/alexa', '/api/openapi.json', '/api/orders', '/app/', '/nowhere'])(
  'has browsers neither sniff, frame nor, after TLS, ask without it at %s',
  async (path) => {
    const { server } = await start();
    const { headers } = await fetch(`${server.url}${path}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  },
);

it.each(['/API/orders', '/ALEXA', '/App/', '/api/orders/', '/api/Orders'])(
  'A19: does not find another spelling, %s',
  async (path) => {
    const { server, token } = await start();
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${server.url}${path}`, { headers })).status).toBe(404);
  },
);

it('warns of a skill that is not named', async () => {
  const unnamed = await start();
  expect(unnamed.lines.join()).toContain('ALEXA_SKILL_ID is not set');
  const named = await start({ ALEXA_SKILL_ID: 'amzn1.ask.skill.x' });
  expect(named.lines.join()).not.toContain('ALEXA_SKILL_ID');
});

it('names in package.json the file that the build writes', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(scripts.serve).toContain('build/server/server-start.js');
});
