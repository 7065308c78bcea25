import { type Config, parseConfig } from '../../src/config';
import { ConfigError, readSettings, type ValuesOf } from '../../src/settings-table';
import { checkEndpoint } from '../doctor/check-endpoint';
import { type Finding, findingsOf, reasonOf } from '../doctor/finding';
import { lineOf, report } from '../doctor/report';
import { skillDeploymentSettings } from '../settings';
import { openSettingsFiles, type Texts } from '../settings-files';
import { AmazonRefused } from '../skill/amazon-refusal';
import { openAsk } from '../skill/open-ask';
import { checkPages } from './check-pages';
import { checkPhrases, phrasesToSay } from './check-phrases';
import { checkSkill } from './check-skill';
import { checkTester } from './check-tester';
import { simulate } from './simulate';

const { ok, fault } = findingsOf('settings');
const cure =
  'Correct it in src/runtimes/secrets.ini, or deploy/secrets.ini for what only setting POD up takes.';

type Values = ValuesOf<typeof skillDeploymentSettings>;

/**
 * Whether the deployed skill may be submitted: what Amazon's tester needs, and what fails certification. It changes nothing that stays:
 * one order is placed, waits for its code, and is cancelled.
 * @param print takes what is told while Amazon's program is installed
 */
export async function certify(
  texts: Texts,
  parts: { fetch: typeof fetch; clock(): number; print(text: string): void },
): Promise<Finding[]> {
  let config: Config;
  let values: Values;
  try {
    config = parseConfig(texts);
    values = readSettings(skillDeploymentSettings, texts);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map((text) => fault(text, cure));
    throw error;
  }
  const { podUrl } = values;
  return [
    ok('POD and the skill are made of them'),
    ...(podUrl.startsWith('https:')
      ? []
      : [fault(`POD_URL is ${podUrl}, which Amazon cannot reach`, 'It must be https, on port 443.')]),
    ...(config.mail
      ? []
      : [
          fault(
            'no receipts are mailed',
            'Amazon asks that an order is confirmed by e-mail: set MAIL_URL and MAIL_FROM.',
          ),
        ]),
    ...(await checkEndpoint({ config, ...values, ...parts })),
    ...(await checkPages(podUrl, parts.fetch)),
    ...(await checkTester({ config, tester: values, fetch: parts.fetch })),
    ...(await checkAtAmazon(values, parts.print)),
  ];
}

async function checkAtAmazon(values: Values, print: (text: string) => void): Promise<Finding[]> {
  const { skillId, podUrl } = values;
  const skill = findingsOf('skill');
  if (!skillId)
    return [skill.fault('ALEXA_SKILL_ID is missing: there is no skill yet', 'npm run deploy:skill')];
  const ask = await openAsk(values, print);
  try {
    const findings = await checkSkill(ask, skillId, values);
    return [...findings, ...checkPhrases(await simulate(ask, skillId, phrasesToSay), podUrl)];
  } catch (error) {
    if (!(error instanceof AmazonRefused)) throw error;
    return error.faults.map((line) => {
      const [text = '', todo = ''] = line.split(' → ');
      return skill.fault(text, todo);
    });
  } finally {
    await ask.close();
  }
}

/** What no program can look at. */
const checklist = `
What only you can do, before you press Submit (Certification, in https://developer.amazon.com/alexa/console/ask):
  - sign in at the page as TESTER_EMAIL, with TESTER_PASSWORD
  - link that customer in the Alexa app, order, read the code where TESTER_CODES says, and say it: the order is confirmed
    by voice, on a card in the app, and by mail
  - look at the privacy policy and the terms with a phone
  - Certification, Validation and Functional Test there: run both
`;

async function main(): Promise<void> {
  const print = (text: string) => void process.stderr.write(text);
  const texts = openSettingsFiles(process.cwd(), process.env).read();
  const findings = await certify(texts, { fetch, clock: Date.now, print });
  report(findings, `${findings.map(lineOf).join('\n')}\n${checklist}`);
}

if (require.main === module) {
  main().catch((error) => {
    process.stderr.write(`What Amazon will ask could not be checked: ${reasonOf(error)}\n`);
    process.exitCode = 2;
  });
}
