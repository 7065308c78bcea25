import type { v1 } from 'ask-smapi-model';
import { houseSize, houseToppings, seller } from '../../src/orders/menu';
import { locales } from './interaction-model';

export type ManifestFile = v1.skill.Manifest.SkillManifestEnvelope;

interface ManifestSettings {
  /** Where POD is reached, without a slash at the end. */
  podUrl: string;
  /** Of the host there: of its own name, or the wildcard of a domain above it. */
  certificate: 'Trusted' | 'Wildcard';
  testerEmail?: string;
  testerPassword?: string;
  testerCodes?: string;
}

/** What the example phrases order, as people say it. */
export const exampleOrder = `${houseSize} pizza with ${houseToppings[0]}`;

/** What a customer may say first, as the store shows it: phrases of the interaction model, after the skill's name. */
export const examplePhrases = [
  `Alexa, open ${seller.name}`,
  `Alexa, ask ${seller.name} to get me a ${exampleOrder}`,
  `Alexa, ask ${seller.name} what is on the menu`,
];

const summary = 'Order a pizza by voice, and confirm it by a code that only you get.';

const description = `Order a pizza at ${seller.name} by voice.

You need an account: link yours in the Alexa app, under "Link Account", before you order. Each order waits until you have said the one-time code that is sent to your phone or mailbox, so that nobody else near your Echo orders in your name.

To order, say: "${examplePhrases[1]}". Alexa tells what you have ordered, where it goes, and the total. When the code has come, say: "Alexa, ask ${seller.name} to authorize order", and the digits of the code.

You pay the pizzeria. Its telephone number is ${seller.phone}.`;

/** The manifest, which says what the skill is, where its endpoint is, and what the store shows of it. */
export function createManifest({ podUrl, certificate, ...tester }: ManifestSettings): ManifestFile {
  const listing = {
    name: seller.name,
    summary,
    description,
    examplePhrases,
    keywords: ['pizza', 'order', 'delivery', 'pick-up', 'takeaway'],
    smallIconUri: 'file://assets/images/small.png',
    largeIconUri: 'file://assets/images/large.png',
  };
  const privacy = {
    privacyPolicyUrl: `${podUrl}/app/#/policy`,
    termsOfUseUrl: `${podUrl}/app/#/terms`,
  };
  return {
    manifest: {
      manifestVersion: '1.0',
      apis: {
        custom: { endpoint: { uri: `${podUrl}/alexa`, sslCertificateType: certificate }, interfaces: [] },
      },
      publishingInformation: {
        locales: inEach(listing),
        isAvailableWorldwide: false,
        // Where these languages are spoken to Alexa.
        distributionCountries: ['US', 'GB', 'CA', 'AU', 'IN'],
        distributionMode: 'PUBLIC',
        category: 'DELIVERY_AND_TAKEOUT',
        testingInstructions: testingInstructions(tester),
      },
      privacyAndCompliance: {
        allowsPurchases: true,
        usesPersonalInfo: true,
        isChildDirected: false,
        isExportCompliant: true,
        containsAds: false,
        locales: inEach(privacy),
      },
    },
  };
}

/** For Amazon's tester alone: customers never see it. */
function testingInstructions({
  testerEmail,
  testerPassword,
  testerCodes,
}: Partial<ManifestSettings>): string {
  const isTold = testerEmail && testerPassword && testerCodes;
  return [
    `${seller.name} needs a linked account, and asks for it.`,
    isTold
      ? `Link this one: ${testerEmail}, password ${testerPassword}.`
      : 'Link the account that comes with this submission: where the codes of its orders are read is told with it.',
    `Then say the example phrases. "${examplePhrases[1]}" places an order, which waits for a one-time code.`,
    ...(isTold ? [testerCodes] : []),
    `When you have the code, say "Alexa, ask ${seller.name} to authorize order", and its digits one by one: the order is confirmed.`,
    'Nothing is charged: customers pay the pizzeria.',
  ].join('\n');
}

function inEach<Value>(value: Value): Record<string, Value> {
  return Object.fromEntries(locales.map((locale) => [locale, value]));
}
