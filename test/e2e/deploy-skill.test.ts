import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { openSettingsFiles } from '../../deploy/settings-files';
import { deploySkill } from '../../deploy/skill/deploy-skill';
import { createInteractionModels, locales } from '../../deploy/skill/interaction-model';
import { runProgram, startProgram } from '../fixtures/npm-start';
import { skillAccountLinking, skillSettings } from '../fixtures/skill-settings';
import { openSmapi } from '../fixtures/smapi';

const program = 'deploy/skill/deploy-skill.ts';

/** Amazon, and a folder where POD's settings and the package go. */
async function openWork() {
  const smapi = await openSmapi();
  const folder = await mkdtemp(join(tmpdir(), 'pod-deploy-skill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const environment = {
    ...smapi.environment,
    TMPDIR: temporary,
    HOME: join(folder, 'no-home'),
    ...skillSettings,
  };
  return {
    smapi,
    folder,
    environment,
    settings: () => openSettingsFiles(folder, {}).read(),
    deploy: () => runProgram(program, [], folder, environment),
    /** What `ask` was given, and has not been taken away again. */
    leftOver: async () => (await readdir(temporary)).filter((name) => /ask/.test(name)),
  };
}

it('npm run deploy:skill makes one skill at Amazon, also when it is broken off, and links accounts', async () => {
  const { smapi, folder, environment, settings, deploy, leftOver } = await openWork();
  smapi.takeTime(true);
  const { child, ended } = startProgram(program, [], folder, environment);
  const errors = text(child.stderr);
  child.stdout.resume();
  await expect.poll(() => settings().ALEXA_SKILL_ID).toMatch(/^amzn1\.ask\.skill\./);
  expect(await leftOver()).not.toEqual([]);
  child.kill('SIGINT');
  expect((await ended)[0]).toBe(1);
  expect(await errors).toBe(
    'The skill could not be deployed:\n  - It was broken off by SIGINT → run it again: it goes on where it stopped.\n',
  );
  expect(await leftOver()).toEqual([]);

  smapi.takeTime(false);
  const again = await deploy();
  expect(again.errors).toBe('');
  expect(again.output).toContain(`Updated the skill ${settings().ALEXA_SKILL_ID}.`);
  expect(again.exitCode).toBe(0);
  expect(await leftOver()).toEqual([]);
  expect([...smapi.skills.keys()]).toEqual([settings().ALEXA_SKILL_ID]);
  expect(smapi.calls.filter((call) => call === 'POST /v1/skills/imports')).toHaveLength(1);
  expect((await stat(join(folder, 'src', 'runtimes', 'secrets.ini'))).mode & 0o077).toBe(0);

  const [skill = expect.unreachable()] = smapi.skills.values();
  const models = locales.map((locale) => `interactionModels/custom/${locale}.json`);
  const images = ['assets/images/large.png', 'assets/images/small.png'];
  expect([...skill.files.keys()].sort()).toEqual([...images, ...models, 'skill.json'].sort());
  expect(skill.files.get('skill.json')).toMatchObject({
    manifest: {
      apis: {
        custom: { endpoint: { uri: 'https://pod.example/pod/alexa', sslCertificateType: 'Trusted' } },
      },
      privacyAndCompliance: { allowsPurchases: true },
    },
  });
  const made = createInteractionModels(4);
  for (const locale of locales) {
    expect(skill.files.get(`interactionModels/custom/${locale}.json`)).toEqual(made.get(locale));
  }
  expect(skill.isEnabled).toBe(true);
  expect(skill.accountLinking).toEqual(skillAccountLinking);
});

it('npm run deploy:skill tells in one line each why Amazon refuses, and what to do', async () => {
  const { smapi, settings, deploy, leftOver } = await openWork();
  smapi.findFaults({
    'InteractionModel.en-US': ['A sample of MenuIntent is ambiguous.'],
    'InteractionModel.en-IN': ['A slot is unknown.'],
  });
  const { errors, exitCode } = await deploy();
  expect(exitCode).toBe(1);
  expect(errors.trimEnd().split('\n')).toEqual([
    'The skill could not be deployed:',
    expect.stringMatching(
      /^ {2}- InteractionModel\.en-US: A sample of MenuIntent is ambiguous\. → .*src\/alexa/,
    ),
    expect.stringMatching(/^ {2}- InteractionModel\.en-IN: A slot is unknown\. → /),
  ]);
  expect([...smapi.skills.keys()]).toEqual([settings().ALEXA_SKILL_ID]);
  expect(await leftOver()).toEqual([]);
});

it('npm run deploy:skill names all settings that are missing before it does anything', async () => {
  const { folder } = await openWork();
  const files = openSettingsFiles(folder, {});
  await expect(deploySkill(files, () => expect.unreachable())).rejects.toMatchObject({
    faults: [
      expect.stringContaining('POD_URL is missing'),
      expect.stringContaining('AUTH0_DOMAIN is missing'),
      expect.stringContaining('API_ID is missing'),
      expect.stringContaining('APP_CLIENT_ID is missing'),
      expect.stringContaining('APP_CLIENT_SECRET is missing'),
      expect.stringMatching(/^ASK_REFRESH_TOKEN is missing: .*npm run signin:amazon/),
      expect.stringContaining('ALEXA_VENDOR_ID is missing'),
    ],
  });
});

it('npm run signin:amazon keeps the refresh token, and shows no token', async () => {
  const { smapi, folder, environment, settings } = await openWork();
  const { ASK_REFRESH_TOKEN, ...signedOut } = environment;
  const input = `${smapi.authorizationCode}\n`;
  const { output, errors, exitCode } = await runProgram(
    'deploy/skill/sign-in-to-amazon.ts',
    [],
    folder,
    signedOut,
    input,
  );
  expect(errors).toBe('');
  expect(output).toMatch(/https:\/\/www\.amazon\.com\/ap\/oa\?/);
  expect(output).not.toMatch(/Atz[ar]\|/);
  expect(exitCode).toBe(0);
  expect(settings()).toMatchObject({ ASK_REFRESH_TOKEN });
  expect((await stat(join(folder, 'deploy', 'secrets.ini'))).mode & 0o077).toBe(0);
});
