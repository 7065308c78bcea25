import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkPages } from '../../deploy/certify/check-pages';
import { checkTester } from '../../deploy/certify/check-tester';
import { createTenant } from '../../local/tenant/create-tenant';
import { createLoopbackFetch } from '../../local/tenant/loopback-fetch';
import { parseConfig } from '../../src/config';
import { emil, phoebe } from '../fixtures/local';
import { serve } from '../fixtures/serve';

const codes = { testerPassword: 'a password', testerCodes: 'Codes arrive at https://mail.example.' };

/** What is said of a tester at a fresh tenant. */
async function openTenant() {
  const tenant = await createTenant();
  onTestFinished(tenant.close);
  const fetch = createLoopbackFetch(tenant.settings.AUTH0_DOMAIN);
  const config = parseConfig(tenant.settings);
  return {
    tenant,
    check: (tester: Parameters<typeof checkTester>[0]['tester'], secret = config.clientSecret) =>
      checkTester({ config: { ...config, clientSecret: secret }, tester, fetch }),
  };
}

describe("npm run certify, of Amazon's tester", () => {
  it('finds a customer whose codes go to a mailbox', async () => {
    const { check } = await openTenant();
    expect(await check({ ...codes, testerEmail: emil.email.toUpperCase() })).toMatchObject([{ state: 'ok' }]);
  });

  it.each([
    ['nobody', 'nobody@example.com', /no customer of TESTER_EMAIL/, /Create User/],
    ['a customer whose codes go to a phone', phoebe.email, /go to a phone/, /Remove phone_number/],
  ])('names %s, and shows no address', async (_who, testerEmail, text, cure) => {
    const { check } = await openTenant();
    const findings = await check({ ...codes, testerEmail });
    expect(findings).toEqual([
      {
        area: 'tester',
        state: 'fault',
        text: expect.stringMatching(text),
        cure: expect.stringMatching(cure),
      },
    ]);
    expect(JSON.stringify(findings)).not.toContain(testerEmail);
  });

  it('names each setting that is missing, and asks nobody then', async () => {
    const { check, tenant } = await openTenant();
    expect(await check({ testerEmail: emil.email })).toMatchObject([
      { state: 'fault', text: expect.stringMatching(/^TESTER_PASSWORD is missing/) },
      { state: 'fault', text: expect.stringMatching(/^TESTER_CODES is missing/) },
    ]);
    expect(tenant.calls.get()['users.search']).toBe(0);
  });

  it('names a tenant that tells nothing', async () => {
    const { check } = await openTenant();
    expect(await check({ ...codes, testerEmail: emil.email }, 'another secret')).toMatchObject([
      { state: 'fault', text: expect.stringMatching(/tells nothing of its customers: /) },
    ]);
  });
});

it('npm run certify names a page without privacy policy and terms', async () => {
  const site = express.Router().get('/app/', (_req, res) => void res.send('<script src="main.js"></script>'));
  const findings = await checkPages(await serve('/pod', site), fetch);
  expect(findings.map(({ state, text }) => `${state}: ${text.split('/app/ ')[1]}`)).toEqual([
    'fault: does not serve the privacy policy',
    'fault: does not serve the page of the terms',
  ]);
});
