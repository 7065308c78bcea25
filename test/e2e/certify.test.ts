import { expect, it } from 'vitest';
import { createAccountLinking } from '../../deploy/skill/account-linking';
import { createManifest, examplePhrases } from '../../deploy/skill/manifest';
import { skillId } from '../fixtures/alexa-request';
import { emil, phoebe, quentin } from '../fixtures/local';
import { openProductionPod } from '../fixtures/production-pod';
import { openSmapi } from '../fixtures/smapi';

const tester = {
  testerEmail: emil.email,
  testerPassword: emil.password,
  testerCodes: 'Codes arrive at https://mail.example, with the same address and password.',
};

it('npm run certify has Amazon say the example phrases to the POD that runs, and names what would fail', async () => {
  const pod = await openProductionPod();
  const { podUrl, tenant } = pod;
  const heard: string[] = [];
  const smapi = await openSmapi((text) => {
    heard.push(text);
    return pod.say(text);
  });
  const { AUTH0_DOMAIN, API_ID, APP_CLIENT_ID, APP_CLIENT_SECRET } = tenant.settings;
  const linking = { auth0Domain: AUTH0_DOMAIN, apiId: API_ID, clientSecret: APP_CLIENT_SECRET };
  const skill = {
    files: new Map([['skill.json', createManifest({ podUrl, certificate: 'Trusted', ...tester })]]),
    accountLinking: createAccountLinking({ ...linking, clientId: APP_CLIENT_ID }),
    isEnabled: true,
  };
  smapi.skills.set(skillId, skill);
  await pod.link(quentin);
  const certify = async (more: Record<string, string> = {}) => {
    const { output, errors, exitCode } = await pod.run('deploy/certify/certify.ts', [], {
      ...smapi.environment,
      MAIL_URL: 'smtp://mail.example',
      MAIL_FROM: 'Pizza <orders@pod.example>',
      TESTER_EMAIL: tester.testerEmail,
      TESTER_PASSWORD: tester.testerPassword,
      TESTER_CODES: tester.testerCodes,
      ...more,
    });
    expect(errors).toBe('');
    // Amazon never reaches a POD of a test.
    expect(exitCode).toBe(1);
    return output.trimEnd().split('\n');
  };
  const unreachable = `FAULT  settings: POD_URL is ${podUrl}, which Amazon cannot reach → It must be https, on port 443.`;

  const lines = await certify();
  expect(lines.slice(0, lines.indexOf('')).filter((line) => !line.startsWith('ok'))).toEqual([unreachable]);
  expect(lines).toEqual(
    expect.arrayContaining([
      'ok     public url: /alexa refuses what Alexa has not signed',
      'ok     pages: the privacy policy is served',
      'ok     pages: the page of the terms is served',
      'ok     tester: the customer of TESTER_EMAIL is there, and codes go to its mailbox',
      'ok     skill: what is at Amazon is of these settings',
      ...examplePhrases.map(
        (phrase) => `ok     phrases: “${phrase.replace('Alexa, ', '').toLowerCase()}” is answered`,
      ),
      'ok     purchase rules: an order is told with who sells, what was ordered, where it goes, the total with tax',
      '  - sign in at the page as TESTER_EMAIL, with TESTER_PASSWORD',
    ]),
  );
  expect(lines.join('\n')).not.toContain(tester.testerPassword);
  // The order was a real one: its code was sent, and it waits no more.
  expect(tenant.inbox.messages(quentin.phoneNumber)).toHaveLength(1);
  expect(heard.at(-1)).toBe('ask pizza on demand to cancel my order');
  expect((await pod.say('ask pizza on demand to cancel my order')).speech).toContain('was cancelled');

  skill.accountLinking = createAccountLinking({ ...linking, clientId: 'another' });
  const others = { TESTER_EMAIL: phoebe.email, MAIL_URL: '', MAIL_FROM: '' };
  expect((await certify(others)).filter((line) => line.startsWith('FAULT'))).toEqual([
    unreachable,
    expect.stringMatching(/^FAULT {2}settings: no receipts are mailed → .*MAIL_URL/),
    expect.stringMatching(/^FAULT {2}tester: codes of TESTER_EMAIL go to a phone.* → Remove phone_number/),
    'FAULT  skill: the testing instructions at Amazon are others → npm run deploy:skill',
    expect.stringMatching(/^FAULT {2}skill: account linking, clientId is another instead of /),
  ]);
});
