import type { Texts } from '../settings-files';

/** What no program does, each with the place: in the order in which it is best done. */
export function listByHand(texts: Texts, isSkillDeployed: boolean): string[] {
  const codesByText = Boolean(texts.TWILIO_ACCOUNT_SID?.trim());
  const steps: (string | false)[] = [
    'A customer, to try it: in Auth0, User Management, Users, Create User, with the connection POD-DB and an e-mail address of yours.',
    codesByText &&
      'The customer’s number: on the page of that user, Details, user_metadata: { "phone_number": "+12025550101" }, and Save.',
    !codesByText &&
      'A mail server for codes: Branding, Email Provider. The one that Auth0 has built in is for tests only.',
    'Staff: User Management, Roles, Staff, Users, Add Users.',
    !isSkillDeployed &&
      'The skill: npm run signin:amazon, then npm run deploy:skill. Or by hand, docs/setup.md says how.',
    'POD: npm run serve, behind a proxy that ends TLS (docs/server.md), or as a webtask (docs/webtask.md).',
    'The link: in the Alexa app, More, Skills & Games, Your Skills, Dev, your skill, Enable to use; sign in as the customer.',
  ];
  return steps.filter((step) => step !== false);
}
