import type { AccountLinkingFile } from './account-linking';
import type { Locale, ModelFile } from './interaction-model';
import { lintModel } from './lint-model';
import type { ManifestFile } from './manifest';
import { smapiFaults } from './smapi-schema';

/** The files of a package, as far as they could be made. */
export interface SkillPackage {
  models: ReadonlyMap<Locale, ModelFile>;
  /** By their paths in the package, PNG. */
  icons: ReadonlyMap<string, Buffer>;
  manifest?: ManifestFile;
  accountLinking?: AccountLinkingFile;
}

/** What Amazon would refuse in a package, one line each: by its schemas first, then by the rules that are not in them. */
export function lintSkillPackage(skill: SkillPackage): string[] {
  const { models, manifest, accountLinking } = skill;
  return [
    ...[...models].flatMap(([locale, model]) => {
      const faults = smapiFaults('model', model);
      return named(locale, faults.length > 0 ? faults : lintModel(locale, model));
    }),
    ...(manifest ? named('skill.json', manifestFaults(manifest, skill)) : []),
    ...(accountLinking ? named('accountLinking.json', linkingFaults(accountLinking)) : []),
  ];
}

function named(file: string, faults: readonly string[]): string[] {
  return faults.map((fault) => `${file}: ${fault}`);
}

function manifestFaults(file: ManifestFile, { models, icons }: SkillPackage): string[] {
  const faults = smapiFaults('manifest', file);
  if (faults.length > 0) return faults;
  const { apis, publishingInformation = {}, privacyAndCompliance = {} } = file.manifest ?? {};
  const { uri = '', sslCertificateType } = apis?.custom?.endpoint ?? {};
  const { locales = {}, category = '', testingInstructions = '' } = publishingInformation;
  return [
    ...(isPublicHttps(uri) ? [] : [`the endpoint ${uri} is not https:// on port 443`]),
    ...(sslCertificateType ? [] : ['the endpoint does not say which kind of certificate it has']),
    ...(categories.includes(category) ? [] : [`there is no category ${category} for what is ordered`]),
    ...(testingInstructions ? [] : ['it has no testing instructions']),
    ...[...models.keys()]
      .filter((locale) => !locales[locale])
      .map((locale) => `${locale} has a model and no listing`),
    ...Object.entries(locales).flatMap(([locale, listing]) => {
      const privacy = privacyAndCompliance.locales?.[locale];
      return named(locale, [
        ...(models.has(locale as Locale) ? [] : ['a listing and no model']),
        ...listingFaults(listing, icons),
        ...(isPublicHttps(privacy?.privacyPolicyUrl) ? [] : ['no address of a privacy policy']),
        ...phraseFaults(listing.examplePhrases ?? [], models.get(locale as Locale)),
      ]);
    }),
  ];
}

/** Those of "Skill Manifest Schema" that fit a skill by which something is ordered. */
const categories = [
  'DELIVERY_AND_TAKEOUT',
  'FOOD_AND_DRINK',
  'RESTAURANT_BOOKING_INFO_AND_REVIEW',
  'SHOPPING',
];

type Listing = NonNullable<NonNullable<ManifestFile['manifest']>['publishingInformation']>['locales'] extends
  | { [locale: string]: infer One }
  | undefined
  ? One
  : never;

function listingFaults(listing: Listing, icons: SkillPackage['icons']): string[] {
  const { description = '', summary, smallIconUri = '', largeIconUri = '' } = listing;
  return [
    ...(summary ? [] : ['no summary']),
    // "Requirements for Skills that Allow Purchases": whoever must link an account is told so.
    ...(/\blink\b.*\baccount|\baccount\b.*\blink/is.test(description)
      ? []
      : ['the description does not say that an account must be linked']),
    ...iconFaults(smallIconUri, 108, icons),
    ...iconFaults(largeIconUri, 512, icons),
  ];
}

/** @param side pixels, of "Skill Icons and Images" */
function iconFaults(uri: string, side: number, icons: SkillPackage['icons']): string[] {
  const icon = icons.get(uri.replace('file://', ''));
  if (!icon) return [`no icon at ${uri || 'all'}`];
  // PNG: width and height come first (ISO/IEC 15948 §11.2.2).
  const [width, height] = [icon.readUInt32BE(16), icon.readUInt32BE(20)];
  return width === side && height === side
    ? []
    : [`${uri} is ${width} by ${height} pixels, and not ${side} by ${side}`];
}

/** Three at most, the first of which begins with the wake word and the name; each must be what the model has. */
function phraseFaults(phrases: readonly string[], model: ModelFile | undefined): string[] {
  const { invocationName = '' } = model?.interactionModel.languageModel ?? {};
  const isSaid = model ? phraseMatcher(model) : () => false;
  return [
    ...(phrases.length >= 1 && phrases.length <= 3
      ? []
      : ['there must be from one to three example phrases']),
    ...phrases.flatMap((phrase) => {
      const [, how, rest = ''] =
        new RegExp(`^Alexa, (open|ask|tell) ${invocationName}(?: to)?(?: (.+))?$`, 'i').exec(phrase) ?? [];
      if (!how) return [`“${phrase}” does not begin with Alexa, what she is to do, and the skill's name`];
      return rest === '' || isSaid(rest.toLowerCase()) ? [] : [`“${phrase}” is no sample of the model`];
    }),
  ];
}

/** Whether a phrase is a sample of the model with known words in its slots. */
function phraseMatcher({ interactionModel }: ModelFile): (said: string) => boolean {
  const { intents = [], types = [] } = interactionModel.languageModel;
  const words = new Map(
    types.map(({ name, values = [] }) => [
      name,
      values.flatMap(({ name: { value, synonyms = [] } = { value: '' } }) => [value, ...synonyms]).join('|'),
    ]),
  );
  return (said) => {
    const fits = (sample: string, slots: readonly { name?: string; type?: string }[]) => {
      const pattern = sample.replace(/\{(\w+)\}/g, (_, slot) => {
        const { type = '' } = slots.find(({ name }) => name === slot) ?? {};
        return `(?:${words.get(type) ?? fourDigits})`;
      });
      return new RegExp(`^${pattern}$`, 'i').test(said);
    };
    return intents.some(({ slots = [], samples = [] }) =>
      samples.some((sample) => ownWords(sample).every((word) => said.includes(word)) && fits(sample, slots)),
    );
  };
}

/** The one type of Amazon's that POD uses. */
const fourDigits = '(?:zero|one|two|three|four|five|six|seven|eight|nine| )+';

function ownWords(sample: string): string[] {
  return sample.split(' ').filter((word) => !word.startsWith('{'));
}

function linkingFaults(file: AccountLinkingFile): string[] {
  if (!file.accountLinkingRequest) return ['it is not in its wrapper, accountLinkingRequest'];
  const faults = smapiFaults('accountLinking', file);
  if (faults.length > 0) return faults;
  const { type, authorizationUrl, accessTokenUrl, accessTokenScheme, ...rest } = file.accountLinkingRequest;
  const { clientId, clientSecret, scopes = [], domains = [] } = rest;
  const audience =
    URL.canParse(authorizationUrl ?? '') && new URL(authorizationUrl ?? '').searchParams.get('audience');
  return [
    ...(type === 'AUTH_CODE' ? [] : ['type must be AUTH_CODE: only that gives a refresh token']),
    ...(isPublicHttps(authorizationUrl) ? [] : [`authorizationUrl ${authorizationUrl} is not https://`]),
    ...(audience ? [] : ['authorizationUrl has no audience: the token would be of no API']),
    ...(isPublicHttps(accessTokenUrl) ? [] : [`accessTokenUrl ${accessTokenUrl} is not https://`]),
    ...(accessTokenScheme ? [] : ['accessTokenScheme is missing']),
    ...(clientId && clientSecret ? [] : ['clientId or clientSecret is missing']),
    ...(scopes.includes('offline_access')
      ? []
      : ['scopes lack offline_access: the link would end within the hour']),
    ...(scopes.length > 15 || domains.length > 15 ? ['there may be 15 scopes and 15 domains at most'] : []),
  ];
}

/** On port 443, where Alexa calls an endpoint. */
function isPublicHttps(address: string | undefined): boolean {
  if (!address || !URL.canParse(address)) return false;
  const { protocol, port, hostname } = new URL(address);
  return protocol === 'https:' && port === '' && hostname !== 'localhost';
}
