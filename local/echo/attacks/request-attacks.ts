import type { Forgery } from '../forge-request';
import type { Attack } from './attack';
import { victimsOrder } from './phrases';

/** A request that Alexa did not send, or not now, or not to this skill: each is a genuine one, broken in one way. */
const forgedRequests: readonly (Omit<Attack, 'run'> & { forgery: Forgery; reason: RegExp })[] = [
  {
    id: 'unsigned',
    name: 'Forge a request',
    story: 'An order in the customer’s name is sent to POD’s door without a signature.',
    rule: 'Only what Alexa signed is acted on. Nothing switches that off.',
    forgery: 'unsigned',
    reason: /^400 .*header_missing/,
  },
  {
    id: 'changed',
    name: 'Change what Alexa signed',
    story: 'A genuine request is held up, and one word of it is changed.',
    rule: 'The signature is over the very bytes that came.',
    forgery: 'changed',
    reason: /^400 .*signature_mismatch/,
  },
  {
    id: 'wrong-chain',
    name: 'Sign it with a chain of one’s own',
    story: 'The attacker makes certificates like Alexa’s, to a root of their own, and signs with them.',
    rule: 'The chain must lead to a trusted root, and be for echo-api.amazon.com.',
    forgery: 'wrong-chain',
    reason: /^400 .*certificate_untrusted/,
  },
  {
    id: 'chain-elsewhere',
    name: 'Point to certificates elsewhere',
    story: 'The request says that its certificates are to be had from the attacker’s server.',
    rule: 'Certificates come from Amazon’s own address, and nothing is downloaded from elsewhere.',
    forgery: 'chain-elsewhere',
    reason: /^400 .*certificate_url_refused/,
  },
  {
    id: 'other-skill',
    name: 'Send another skill’s request',
    story: 'Alexa really signed it, for a skill of the attacker’s. They send it on to POD.',
    rule: 'Every application id in a request must be this skill’s.',
    forgery: 'other-skill',
    reason: /^400 .*other_skill/,
  },
  {
    id: 'old',
    name: 'Send a request from ten minutes ago',
    story: 'A genuine request was recorded, and is sent when its answer is forgotten.',
    rule: 'A request is good for 150 seconds.',
    forgery: 'old',
    reason: /^400 .*stale/,
  },
];

export const requestAttacks: readonly Attack[] = forgedRequests.map(({ forgery, reason, ...info }) => ({
  ...info,
  async run(world) {
    const [customer] = await world.customers('customer');
    const genuine = await world.echoOf(customer).utter(victimsOrder);
    const { status, answer, reason: logged = 'no reason in the log' } = await world.forge(genuine, forgery);
    return {
      answer: `${status} ${JSON.stringify(answer)}, and in the log: ${logged}`,
      reason,
      harm:
        (status !== 400 && 'POD took it for a request of Alexa’s.') ||
        (world.codesOf(customer).length !== 1 && 'An order was placed in the customer’s name.'),
    };
  },
}));
