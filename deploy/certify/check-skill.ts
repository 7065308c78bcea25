import type { v1 } from 'ask-smapi-model';
import { compareDefinition } from '../auth0/compare-definition';
import { type Finding, findingsOf } from '../doctor/finding';
import { createAccountLinking } from '../skill/account-linking';
import { createManifest, type ManifestFile } from '../skill/manifest';
import type { Ask } from '../skill/open-ask';

const { ok, fault } = findingsOf('skill');
const cure = 'npm run deploy:skill';

type SkillSettings = Parameters<typeof createManifest>[0] & Parameters<typeof createAccountLinking>[0];

/** Whether the skill at Amazon is that of these settings, in what its tester sees. @throws AmazonRefused */
export async function checkSkill(ask: Ask, skillId: string, values: SkillSettings): Promise<Finding[]> {
  const skill = ['--skill-id', skillId, '--stage', 'development'];
  const manifest = (await ask.callSmapi('get-skill-manifest', ...skill)) as ManifestFile | undefined;
  const linking = (await ask.callSmapi('get-account-linking-info', ...skill)) as
    | v1.skill.accountLinking.AccountLinkingResponse
    | undefined;
  // Amazon keeps the secret to itself, and how often accounts are linked.
  const {
    clientSecret: _,
    skipOnEnablement: __,
    ...wanted
  } = createAccountLinking(values).accountLinkingRequest ?? {};
  const differences = [
    ...compareDefinition({ tenant: seen(createManifest(values)) }, { tenant: seen(manifest ?? {}) }),
    ...compareDefinition(
      { tenant: { 'account linking': wanted } },
      { tenant: { 'account linking': linking } },
    ),
  ];
  if (differences.length === 0) return [ok('what is at Amazon is of these settings')];
  return differences.map(({ where, what }) =>
    where.includes('testing instructions')
      ? fault('the testing instructions at Amazon are others', cure)
      : fault(`${where.replace('tenant, ', '')} ${what}`, cure),
  );
}

/** What Amazon adds to a manifest, and icons, which it moves, do not count. */
function seen({ manifest }: ManifestFile) {
  const { apis, publishingInformation, privacyAndCompliance } = manifest ?? {};
  const { endpoint } = apis?.custom ?? {};
  return {
    endpoint: { uri: endpoint?.uri, sslCertificateType: endpoint?.sslCertificateType },
    'example phrases': publishingInformation?.locales?.['en-US']?.examplePhrases,
    'testing instructions': publishingInformation?.testingInstructions,
    privacy: privacyAndCompliance?.locales?.['en-US'],
  };
}
