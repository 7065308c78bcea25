import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildSkill } from '../../deploy/skill/build-skill';
import { createInteractionModels, locales } from '../../deploy/skill/interaction-model';
import { examplePhrases } from '../../deploy/skill/manifest';
import { readInteractionModel } from '../../local/echo/interaction-model';
import { sizeEntries, toppingEntries } from '../../src/orders/menu';
import { openEcho } from '../alexa/open-echo';
import { skillAccountLinking, skillSettings } from '../fixtures/skill-settings';

const settings = { ...skillSettings, POD_URL: `${skillSettings.POD_URL}/` };
const modelNames = locales.map((locale) => `interactionModels/custom/${locale}.json`);

const newFolder = async () => join(await mkdtemp(join(tmpdir(), 'pod-skill-')), 'skill-package');

async function readPackage(texts: Record<string, string> = settings) {
  const folder = await newFolder();
  const { leftOut } = await buildSkill(texts, folder);
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  return { folder, leftOut, json };
}

describe('npm run build:skill', () => {
  it('writes manifest, five models, icons and account linking, readable to nobody else', async () => {
    const { folder, leftOut } = await readPackage();
    expect(leftOut).toEqual([]);
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.includes('.'));
    expect(names.sort()).toEqual(
      [
        'skill.json',
        'accountLinking.json',
        'assets/images/large.png',
        'assets/images/small.png',
        ...modelNames,
      ].sort(),
    );
    expect((await stat(join(folder, 'accountLinking.json'))).mode & 0o077).toBe(0);
  });

  it('points Alexa at POD, and its customers at the tenant', async () => {
    const { json } = await readPackage({ ...settings, ALEXA_CERTIFICATE: 'Wildcard' });
    const { manifest } = await json('skill.json');
    expect(manifest.apis.custom.endpoint).toEqual({
      uri: 'https://pod.example/pod/alexa',
      sslCertificateType: 'Wildcard',
    });
    expect(Object.keys(manifest.publishingInformation.locales)).toEqual([...locales]);
    expect(manifest.privacyAndCompliance).toMatchObject({
      allowsPurchases: true,
      usesPersonalInfo: true,
      locales: { 'en-IN': { privacyPolicyUrl: 'https://pod.example/pod/app/#/policy' } },
    });
    expect(await json('accountLinking.json')).toEqual(skillAccountLinking);
  });

  it('makes the models without any setting, and says what the rest waits for', async () => {
    const { folder, leftOut } = await readPackage({ CODE_LENGTH: '' });
    expect(await readdir(folder)).not.toContain('skill.json');
    expect(leftOut).toEqual([
      { file: 'skill.json', missing: ['POD_URL'] },
      {
        file: 'accountLinking.json',
        missing: ['AUTH0_DOMAIN', 'API_ID', 'APP_CLIENT_ID', 'APP_CLIENT_SECRET'],
      },
    ]);
  });

  it('leaves nothing of an older package', async () => {
    const { folder } = await readPackage();
    await buildSkill({}, folder);
    expect(await readdir(folder)).not.toContain('accountLinking.json');
  });

  it.each(['http://pod.example', 'https://pod.example:7100', 'pod.example', 'https://pod.example/?a=b'])(
    'refuses to be reached at %s, and leaves the older package',
    async (address) => {
      const { folder } = await readPackage();
      await expect(buildSkill({ ...settings, POD_URL: address }, folder)).rejects.toThrow(
        'POD_URL is malformed',
      );
      expect(await readdir(folder)).toContain('skill.json');
    },
  );
});

function american(length: 4 | 6) {
  const model = createInteractionModels(length).get('en-US') ?? expect.unreachable();
  return model.interactionModel.languageModel;
}

describe('the interaction model of the package', () => {
  it.each([4, 6] as const)(
    'has the intents, phrases and words of src/alexa, with codes of %d digits',
    (length) => {
      const languageModel = american(length);
      const folder = length === 4 ? 'src/alexa' : 'src/alexa/six-digits';
      const model = readInteractionModel(folder, 'pizza on demand');
      expect(languageModel.invocationName).toBe('pizza on demand');
      expect(languageModel.intents?.map(({ name, slots }) => [name, slots])).toEqual(
        [...model.intents].map(([name, slots]) => [name, slots]),
      );
      expect(
        languageModel.intents
          ?.flatMap(({ name, samples = [] }) => samples.map((one) => `${name} ${one}`))
          .sort(),
      ).toEqual(model.samples.map(({ intent, words }) => `${intent} ${words.join(' ')}`).sort());
      expect(languageModel.types?.map(({ name }) => name)).toEqual([...model.types.keys()]);
    },
  );

  it('has what is on the menu by the ids that the skill knows', () => {
    const { types = [] } = american(4);
    const valuesOf = (type: string) => types.find(({ name }) => name === type)?.values;
    const onTheMenu = (entries: object) =>
      Object.entries(entries).map(([id, { words }]) => ({ id, name: { value: id, synonyms: words } }));
    expect(valuesOf('PIZZA_SIZE')).toEqual(onTheMenu(sizeEntries));
    expect(valuesOf('PIZZA_TOPPINGS')).toEqual(onTheMenu(toppingEntries));
    expect(valuesOf('PIZZA_WISH')).toContainEqual({
      id: 'halal',
      name: { value: 'Halal', synonyms: ['halal'] },
    });
  });

  it('takes several toppings in one slot where Alexa does, and not in India', () => {
    for (const [locale, model] of createInteractionModels(4)) {
      const text = JSON.stringify(model);
      expect(text.includes('"multipleValues":{"enabled":true}'), locale).toBe(locale !== 'en-IN');
    }
  });
});

describe('the example phrases', () => {
  it.each(examplePhrases)('“%s” is understood, and answered', async (phrase) => {
    const { say } = await openEcho();
    const { request, speech } = await say(phrase.replace('Alexa, ', ''));
    const { type, intent } = (request as { request: { type: string; intent: { name: string } } }).request;
    expect(type === 'LaunchRequest' ? type : intent.name).toMatch(
      /LaunchRequest|GetMeSomePizzaIntent|MenuIntent/,
    );
    expect(speech).toMatch(/pizza/i);
  });
});
