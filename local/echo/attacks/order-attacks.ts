import type { Exchange } from '../echo-device';
import type { Attack } from './attack';
import type { AttackWorld, Customer } from './attack-world';
import { authorizeWith, strangersOrder, victimsOrder, wrongCode } from './phrases';

// What somebody tries who stands at the customer's speaker, and has no code.

/** What the stranger ordered, if it was confirmed. */
async function jumboOf(world: AttackWorld, customer: Customer): Promise<string | undefined> {
  const jumbo = (await world.confirmedOf(customer)).find((pizza) => pizza.startsWith('jumbo'));
  return jumbo && `The stranger's ${jumbo} is confirmed.`;
}

async function anyOf(world: AttackWorld, customer: Customer): Promise<string | undefined> {
  const [pizza] = await world.confirmedOf(customer);
  return pizza && `The ${pizza} is confirmed, without a code that was right in time.`;
}

const readBack = /This code is for a jumbo pizza with pineapple.*Shall I confirm it\?/;

export const orderAttacks: readonly Attack[] = [
  {
    id: 'order-over',
    name: 'Order over the waiting order',
    story: 'A stranger orders a jumbo while the customer waits for a code. The customer says the newest one.',
    rule: 'What is confirmed is what was meant: another order is read back, and needs a yes.',
    async run(world) {
      const [customer] = await world.customers('customer');
      await world.echoOf(customer).utter(victimsOrder);
      await world.echoOf(customer).utter(strangersOrder);
      const { speech } = await world.echoOf(customer).utter(authorizeWith(world.codeOf(customer)));
      return { answer: speech, reason: readBack, harm: await jumboOf(world, customer) };
    },
  },
  {
    id: 'yes-elsewhere',
    name: 'Say the yes at the other Echo',
    story: 'The stranger’s jumbo is read back to the customer. The stranger says “yes” at another Echo.',
    rule: 'A yes counts in the conversation that was asked, and in no other.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const elsewhere = world.echoOf(customer);
      await world.echoOf(customer).utter(victimsOrder);
      await elsewhere.utter(strangersOrder);
      await world.echoOf(customer).utter(authorizeWith(world.codeOf(customer)));
      const { speech } = await elsewhere.utter('yes');
      const harm = await jumboOf(world, customer);
      return { answer: speech, reason: /is waiting for another code/, harm };
    },
  },
  {
    id: 'cancel-and-order',
    name: 'Cancel, and order anew',
    story: 'A stranger cancels the waiting order and orders a jumbo. The customer says the code that came.',
    rule: 'An order that was withdrawn is minded as long as its code could be alive: the next one is read back.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const stranger = world.echoOf(customer);
      await world.echoOf(customer).utter(victimsOrder);
      await stranger.utter('ask pizza on demand to cancel my order');
      await stranger.utter(strangersOrder);
      const { speech } = await world.echoOf(customer).utter(authorizeWith(world.codeOf(customer)));
      return { answer: speech, reason: readBack, harm: await jumboOf(world, customer) };
    },
  },
  {
    id: 'guess',
    name: 'Guess the code',
    story: 'Three wrong codes, and then the right one, as if guessed at the fourth try.',
    rule: 'Three wrong codes refuse an order; the right one does not help any more.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const stranger = world.echoOf(customer);
      await stranger.utter(strangersOrder);
      const code = world.codeOf(customer);
      for (const nth of [1, 2, 3]) await stranger.utter(authorizeWith(wrongCode(code, nth)));
      const { speech } = await stranger.utter(authorizeWith(code));
      return { answer: speech, reason: /was refused/, harm: await anyOf(world, customer) };
    },
  },
  {
    id: 'guess-at-once',
    name: 'Guess at many Echos at once',
    story: 'Six wrong codes at the same moment from six Echos, to outrun the count. Then the right one.',
    rule: 'An attempt is spent in the store before Auth0 is asked: all Echos and instances share one count.',
    async run(world) {
      const [customer] = await world.customers('customer');
      await world.echoOf(customer).utter(strangersOrder);
      const code = world.codeOf(customer);
      const guesses = [1, 2, 3, 4, 5, 6].map((nth) =>
        world.echoOf(customer).utter(authorizeWith(wrongCode(code, nth))),
      );
      await Promise.all(guesses);
      const { speech } = await world.echoOf(customer).utter(authorizeWith(code));
      return { answer: speech, reason: /was refused|is locked/, harm: await anyOf(world, customer) };
    },
  },
  {
    id: 'guess-on',
    name: 'Guess on with another order',
    story: 'Three wrong codes, a new order with a new code, two more wrong ones. Then the right one.',
    rule: 'Five wrong codes in a row lock ordering, across orders, until the customer unlocks it on the web.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const stranger = world.echoOf(customer);
      for (const guesses of [
        [1, 2, 3],
        [1, 2],
      ]) {
        await stranger.utter(strangersOrder);
        const code = world.codeOf(customer);
        for (const nth of guesses) await stranger.utter(authorizeWith(wrongCode(code, nth)));
      }
      const { speech } = await stranger.utter(authorizeWith(world.codeOf(customer)));
      return { answer: speech, reason: /ordering is locked/, harm: await anyOf(world, customer) };
    },
  },
  {
    id: 'old-code',
    name: 'Say the old code',
    story: 'The customer’s order was replaced. Its code, overheard, is said for the new order.',
    rule: 'A code is for one order: the older one is dead as soon as another is sent.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const speaker = world.echoOf(customer);
      await speaker.utter(victimsOrder);
      const old = world.codeOf(customer);
      await speaker.utter(strangersOrder);
      await world.makeSureOfAnotherCode(customer, old, speaker);
      const { speech } = await speaker.utter(authorizeWith(old));
      return { answer: speech, reason: /not the right code/, harm: await jumboOf(world, customer) };
    },
  },
  {
    id: 'used-code',
    name: 'Use a code twice',
    story: 'The customer said the code aloud and confirmed. A stranger orders, and says the same code.',
    rule: 'A code works once: it is spent by being said.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const speaker = world.echoOf(customer);
      await speaker.utter(victimsOrder);
      const used = world.codeOf(customer);
      await speaker.utter(authorizeWith(used));
      await speaker.utter(strangersOrder);
      await world.makeSureOfAnotherCode(customer, used, speaker);
      const { speech } = await speaker.utter(authorizeWith(used));
      return { answer: speech, reason: /not the right code/, harm: await jumboOf(world, customer) };
    },
  },
  {
    id: 'replay',
    name: 'Replay a request',
    story: 'A genuine, signed order is recorded and sent again at once, to have it twice.',
    rule: 'The same request gets the same answer and does nothing, for as long as it could be replayed.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const first = await world.echoOf(customer).utter(victimsOrder);
      const { status, answer } = await world.forge(first, 'again');
      const isSame = JSON.stringify(answer) === JSON.stringify(first.response.body);
      return {
        answer: isSame ? `The same answer again: “${first.speech}”` : `${status} ${JSON.stringify(answer)}`,
        reason: /^The same answer again: “.*is holding/,
        harm: world.codesOf(customer).length !== 1 && 'The order was taken again: another code was sent.',
      };
    },
  },
  {
    id: 'flood',
    name: 'Flood the customer’s phone',
    story: 'A stranger asks for one code after the other.',
    rule: 'So many codes an hour for a customer and no more, whoever asks.',
    async run(world) {
      const [customer] = await world.customers('customer');
      const stranger = world.echoOf(customer);
      let last: Exchange = await stranger.utter(strangersOrder);
      const refused = /as many codes as I may/;
      // More than `npm start` allows; a server allows fewer.
      for (let asked = 1; asked < 40 && !refused.test(last.speech); asked += 1) {
        last = await stranger.utter('ask pizza on demand to send me another code');
      }
      const sent = world.codesOf(customer).length;
      return {
        answer: last.speech,
        reason: refused,
        harm: sent >= 40 && `${sent} messages reached the phone.`,
      };
    },
  },
];
