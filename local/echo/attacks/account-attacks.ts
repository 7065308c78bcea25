import type { Attack } from './attack';
import { authorizeWith, strangersOrder, victimsOrder, wrongCode } from './phrases';

// What somebody tries who has an account of their own, or a cookie or token that is not theirs.

const pizza = { size: 'small', toppings: ['mushrooms'] };
const told = ({ status, body }: { status: number; body?: unknown }) => `${status} ${JSON.stringify(body)}`;

export const accountAttacks: readonly Attack[] = [
  {
    id: 'code-of-another',
    name: 'Say the code of another customer',
    story: 'The attacker orders with their own account, and says a code that was sent to somebody else.',
    rule: 'A code must prove this customer: it is checked against the number of this order alone.',
    async run(world) {
      const [customer, attacker] = await world.customers('customer', 'attacker');
      await world.echoOf(customer).utter(victimsOrder);
      const speaker = world.echoOf(attacker);
      await speaker.utter(strangersOrder);
      const overheard = world.codeOf(customer);
      await world.makeSureOfAnotherCode(attacker, overheard, speaker);
      const { speech } = await speaker.utter(authorizeWith(overheard));
      const confirmed = [...(await world.confirmedOf(attacker)), ...(await world.confirmedOf(customer))];
      const harm = confirmed[0] && `The ${confirmed[0]} is confirmed.`;
      return { answer: speech, reason: /not the right code/, harm };
    },
  },
  {
    id: 'claim-number',
    name: 'Claim a stranger’s number',
    story: 'The attacker writes the customer’s number into their own profile, orders, and guesses the code.',
    rule: 'A number is linked to an account only when its code was said; until then it is nobody’s.',
    async run(world) {
      const [customer, attacker] = await world.customers('customer', 'attacker');
      await world.claimNumber(attacker, customer.phoneNumber);
      const thief = world.echoOf(attacker);
      await thief.utter(strangersOrder);
      const { speech } = await thief.utter(authorizeWith(wrongCode(world.codeOf(customer))));
      const owner = world.echoOf(customer);
      await owner.utter(victimsOrder);
      await owner.utter(authorizeWith(world.codeOf(customer)));
      const isLinked = world.identitiesOf(attacker).includes('sms');
      const isKeptOut = (await world.confirmedOf(customer)).length === 0;
      return {
        answer: speech,
        reason: /not the right code/,
        harm:
          (isLinked && 'The customer’s number is linked to the attacker’s account.') ||
          (isKeptOut && 'The customer can no longer order with their own number.'),
      };
    },
  },
  {
    id: 'order-of-another',
    name: 'Authorize another’s order by its id',
    story: 'The attacker knows the id of an order, and even its code, and uses the API with their own token.',
    rule: 'A customer finds their own orders only. For others it is as if there were none.',
    async run(world) {
      const [customer, attacker] = await world.customers('customer', 'attacker');
      const { body } = await world.api(customer, 'POST', '/orders', pizza);
      const code = world.codeOf(customer);
      const answer = await world.api(attacker, 'POST', `/orders/${body?.id}/authorize`, { code });
      const [confirmed] = await world.confirmedOf(customer);
      const harm = confirmed && `The customer’s ${confirmed} is confirmed.`;
      return { answer: told(answer), reason: /^404 .*"not_found"/, harm };
    },
  },
  {
    id: 'look-at-another',
    name: 'Read another’s orders',
    story: 'The attacker asks the API for the orders of the customer, by name.',
    rule: 'Only staff may see the orders of other customers.',
    async run(world) {
      const [customer, attacker] = await world.customers('customer', 'attacker');
      await world.api(customer, 'POST', '/orders', pizza);
      const query = new URLSearchParams({ customer: customer.userId });
      const answer = await world.api(attacker, 'GET', `/orders?${query}`);
      const harm = Array.isArray(answer.body?.orders) && 'The attacker reads what the customer ordered.';
      return { answer: told(answer), reason: /^403 .*"forbidden"/, harm };
    },
  },
  {
    id: 'signed-out-cookie',
    name: 'Use a signed-out cookie',
    story: 'The cookie of a session is copied. Its owner signs out; the copy is used at the back office.',
    rule: 'Signing out ends the session everywhere, also where a copy of the cookie is.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const browser = await world.signInToOffice(customer);
      const thief = browser.copy();
      const before = await world.askOffice(thief, 'orders');
      if (before.status !== 200) throw new Error(`the cookie did not work even before: ${before.status}`);
      const fromThePage = { 'Sec-Fetch-Site': 'same-origin' };
      await world.askOffice(browser, 'oidc/logout', { method: 'POST', headers: fromThePage });
      const { status, text } = await world.askOffice(thief, 'orders');
      const harm = status === 200 && 'The thief reads the customer’s orders.';
      return { answer: `${status} ${text}`, reason: /^401 .*"invalid_token"/, harm };
    },
  },
  {
    id: 'other-site',
    name: 'Click from another site',
    story: 'The customer is signed in, and visits a site that cancels their order behind their back.',
    rule: 'What changes something must come from the page itself (Fetch Metadata, Origin).',
    async run(world) {
      const [customer] = await world.customers('customer');
      const { body } = await world.api(customer, 'POST', '/orders', pizza);
      const browser = await world.signInToOffice(customer);
      const { status, text } = await world.askOffice(browser, `orders/${body?.id}/cancel`, {
        method: 'POST',
        headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://attacker.example' },
      });
      const order = await world.api(customer, 'GET', `/orders/${body?.id}`);
      const harm = order.body?.status !== 'pending' && 'The order does not wait any more.';
      return { answer: `${status} ${text}`, reason: /^403 .*"forbidden"/, harm };
    },
  },
  {
    id: 'foreign-token',
    name: 'Make a token of one’s own',
    story:
      'A request that is rightly signed, with an access token that says the customer’s name under another key.',
    rule: 'The customer is who the access token says, and only the tenant’s key makes one.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const order = await world.echoOf(customer).utter(victimsOrder);
      const { status, answer } = await world.forge(order, 'foreign-token');
      const harm = world.codesOf(customer).length !== 1 && 'An order was placed in the customer’s name.';
      const reason = /^200 .*please link your account.*"LinkAccount"/;
      return { answer: `${status} ${JSON.stringify(answer)}`, reason, harm };
    },
  },
];
