import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createAccountLinking } from '../../deploy/skill/account-linking';
import { createInteractionModels } from '../../deploy/skill/interaction-model';
import { lintSkillPackage, type SkillPackage } from '../../deploy/skill/lint-skill-package';
import { createManifest, examplePhrases } from '../../deploy/skill/manifest';
import { seller } from '../../src/orders/menu';

/** Fields of any file, to be read and broken. */
// biome-ignore lint/suspicious/noExplicitAny: each test says what it expects of it
type Loose = any;

async function openPackage(): Promise<SkillPackage> {
  const icon = async (name: string) =>
    [`assets/images/${name}.png`, await readFile(`deploy/skill/images/${name}.png`)] as const;
  return {
    models: createInteractionModels(4),
    icons: new Map([await icon('small'), await icon('large')]),
    manifest: createManifest({ podUrl: 'https://pod.example', certificate: 'Trusted' }),
    accountLinking: createAccountLinking({
      auth0Domain: 'pod.eu.auth0.com',
      apiId: 'https://pod.localtest.me',
      clientId: 'the-client',
      clientSecret: 'its secret',
    }),
  };
}

const whole = openPackage();

describe('the lint', () => {
  it('finds nothing in what POD makes, for four digits and for six', async () => {
    const skill = await whole;
    expect(lintSkillPackage(skill)).toEqual([]);
    expect(lintSkillPackage({ ...skill, models: createInteractionModels(6) })).toEqual([]);
  });

  const model = (skill: SkillPackage): Loose => skill.models.get('en-US')?.interactionModel.languageModel;
  const manifest = (skill: SkillPackage): Loose => skill.manifest?.manifest;
  const listing = (skill: SkillPackage) => manifest(skill).publishingInformation.locales['en-US'];
  const linking = (skill: SkillPackage): Loose => skill.accountLinking?.accountLinkingRequest;
  const intent = (skill: SkillPackage, name: string) =>
    model(skill).intents.find((one: { name: string }) => one.name === name);

  it.each<[string, (skill: SkillPackage) => unknown, RegExp]>([
    [
      'an endpoint without TLS',
      (s) => (manifest(s).apis.custom.endpoint.uri = 'http://pod.example/alexa'),
      /^skill\.json: .*https:/,
    ],
    [
      'an endpoint on another port',
      (s) => (manifest(s).apis.custom.endpoint.uri = 'https://pod.example:8443/alexa'),
      /not https:\/\/ on port 443/,
    ],
    [
      'an unknown kind of certificate',
      (s) => (manifest(s).apis.custom.endpoint.sslCertificateType = 'Good'),
      /SelfSigned, Wildcard, Trusted/,
    ],
    [
      'a misspelt address of the policy',
      (s) =>
        (manifest(s).privacyAndCompliance.locales['en-US'] = { privacyPolicyURL: 'https://pod.example' }),
      /privacyPolicyURL/,
    ],
    [
      'an event that there is not',
      (s) =>
        (manifest(s).events = {
          endpoint: { uri: 'https://pod.example' },
          subscriptions: [{ eventName: 'SKILL_LOVED' }],
        }),
      /eventName/,
    ],
    [
      'an unknown category',
      (s) => (manifest(s).publishingInformation.category = 'PIZZA'),
      /no category PIZZA/,
    ],
    [
      'no testing instructions',
      (s) => delete manifest(s).publishingInformation.testingInstructions,
      /no testing instructions/,
    ],
    [
      'no privacy policy',
      (s) => delete manifest(s).privacyAndCompliance.locales['en-GB'],
      /en-GB: no address of a privacy policy/,
    ],
    [
      'a description that does not tell of the account',
      (s) => (listing(s).description = 'Order pizza.'),
      /does not say that an account must be linked/,
    ],
    [
      'a phrase that the model does not have',
      (s) => (listing(s).examplePhrases = [`Alexa, ask ${seller.name} to fly me to the moon`]),
      /is no sample/,
    ],
    [
      'a phrase without the name',
      (s) => (listing(s).examplePhrases = ['Alexa, get me a pizza']),
      /does not begin with/,
    ],
    [
      'four phrases',
      (s) => listing(s).examplePhrases.push(examplePhrases[0]),
      /one to three example phrases/,
    ],
    [
      'an icon of another size',
      (s) => (listing(s).largeIconUri = 'file://assets/images/small.png'),
      /108 by 108 pixels, and not 512/,
    ],
    [
      'a listing without a model',
      (s) => (s.models as Loose).delete('en-AU'),
      /en-AU: a listing and no model/,
    ],
    [
      'a model without a listing',
      (s) => delete manifest(s).publishingInformation.locales['en-CA'],
      /en-CA has a model and no listing/,
    ],
    [
      'a value without synonyms',
      (s) => delete model(s).types[0].values[0].name.synonyms,
      /en-US: .*synonyms/,
    ],
    [
      'a misspelt multipleValues',
      (s) => (intent(s, 'PriceIntent').slots[0].multipleValue = { enabled: true }),
      /multipleValue/,
    ],
    [
      'several values in India',
      (s) => (s.models as Loose).set('en-IN', s.models.get('en-US')),
      /en-IN: .*no multiple values/,
    ],
    [
      'a sample with a slot that there is not',
      (s) => intent(s, 'ThanksIntent').samples.push('thanks for the {Pizza}'),
      /no slot Pizza/,
    ],
    [
      'a sample with a slot twice',
      (s) => intent(s, 'PriceIntent').samples.push('{Size} or {Size}'),
      /the slot Size is there twice/,
    ],
    ['a slot of no type', (s) => (intent(s, 'PriceIntent').slots[0].type = 'PRICE'), /no slot type PRICE/],
    [
      'a digit in a sample',
      (s) => intent(s, 'ThanksIntent').samples.push('thanks 2 you'),
      /a character that Alexa does not take/,
    ],
    [
      'a sample of two intents',
      (s) => intent(s, 'ThanksIntent').samples.push('Get me a pizza'),
      /is there twice/,
    ],
    [
      'a sample of the fallback',
      (s) => intent(s, 'AMAZON.FallbackIntent').samples.push('blah'),
      /takes no samples/,
    ],
    [
      'an intent of its own without a sample',
      (s) => (intent(s, 'ThanksIntent').samples = []),
      /ThanksIntent has no sample/,
    ],
    [
      'an intent twice',
      (s) => model(s).intents.push({ name: 'PriceIntent', samples: ['x'] }),
      /PriceIntent is there twice/,
    ],
    [
      'no way to stop',
      (s) => (model(s).intents = model(s).intents.filter((one: Loose) => one.name !== 'AMAZON.StopIntent')),
      /AMAZON\.StopIntent is missing/,
    ],
    ['a name in capitals', (s) => (model(s).invocationName = 'Pizza on Demand'), /small letters/],
    ['a name of one word', (s) => (model(s).invocationName = 'pizza'), /two words/],
    ['a name with a word that calls', (s) => (model(s).invocationName = 'ask pizza'), /“ask”/],
    ['an unknown way to send the secret', (s) => (linking(s).accessTokenScheme = 'BASIC'), /HTTP_BASIC/],
    ['account linking without its wrapper', (s) => ((s as Loose).accountLinking = linking(s)), /wrapper/],
    [
      'account linking without an audience',
      (s) => (linking(s).authorizationUrl = 'https://pod.eu.auth0.com/authorize'),
      /no audience/,
    ],
    [
      'account linking without offline access',
      (s) => (linking(s).scopes = ['openid']),
      /lack offline_access/,
    ],
    ['account linking by the implicit grant', (s) => (linking(s).type = 'IMPLICIT'), /AUTH_CODE/],
  ])('finds %s', async (_what, spoil, fault) => {
    const skill = { ...structuredClone(await whole), icons: (await whole).icons };
    spoil(skill);
    const faults = lintSkillPackage(skill);
    expect(faults.join('\n')).toMatch(fault);
  });
});
