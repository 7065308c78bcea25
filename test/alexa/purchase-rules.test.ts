import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pizzaOnDemand } from '../../local/pizza-on-demand';
import { createPizzaSpeech } from '../../src/alexa/pizza-speech';
import { presentOrder } from '../../src/api/present-order';
import { seller, toppings } from '../../src/orders/menu';
import { noticeWords } from '../../src/orders/notice-words';
import { quote } from '../../src/orders/quote';
import { receiptOf } from '../../src/orders/receipt';
import { several } from '../fixtures/alexa-request';
import { anyAddress, anyPizza } from '../fixtures/any-pizza';
import { assertProperty } from '../fixtures/assert-property';
import { endedOrder, home, pendingOrder, pizza, storeOrders } from '../fixtures/orders';
import { ask, type Door, openDoor, speechOf } from './open-door';

/** A large pizza with pepperoni and bacon: 14.99, 1.50 and 2.00, and 8.25 % tax on that and on 2.99 for a delivery. */
const order = { Size: 'large', Toppings: several('pepperoni', 'bacon') };

const place = async (door: Door, slots: Parameters<typeof ask>[2] = order) =>
  speechOf(await ask(door, 'GetMeSomePizzaIntent', slots));
const prove = (door: Door) =>
  ask(door, 'AuthorizePizzaOrderIntent', { Code: door.codes.newestCode(door.customerId) });

async function openDoorAt(address?: unknown): Promise<Door> {
  const door = await openDoor();
  door.codes.moveTo(door.customerId, address);
  return door;
}

describe('what Amazon asks of a skill that sells goods: before the order is complete, it says', () => {
  it('who sells', async () => {
    expect(await place(await openDoorAt())).toContain('Pizza on Demand is holding');
  });

  it('the items', async () => {
    expect(await place(await openDoorAt())).toContain('a large pizza with pepperoni and bacon for you');
  });

  it('the details of the delivery, or where to pick it up', async () => {
    expect(await place(await openDoorAt(home))).toContain('Delivery is to 7 Elm Street, in 40 minutes.');
    expect(await place(await openDoorAt())).toContain('Pick-up is at 24 Mill Lane, in 20 minutes.');
  });

  it('the total, with tax and the delivery fee', async () => {
    expect(await place(await openDoorAt(home))).toContain(
      'The total is 23 dollars and 25 cents with tax and the delivery fee.',
    );
    expect(await place(await openDoorAt())).toContain('The total is 20 dollars and 2 cents with tax.');
  });

  it('all of that before the code is asked for, also when another order gave way to it', async () => {
    const door = await openDoorAt(home);
    expect(await place(door, { Size: 'small' })).toMatch(/total is .+ I have sent you a code/);
    await place(door);
    expect(speechOf(await prove(door))).toMatch(
      /a large pizza with pepperoni and bacon\. Delivery is to 7 Elm Street, .+ The total is 23 dollars and 25 cents .+ Shall I confirm it\?/,
    );
    expect(await door.orders()).toMatchObject([{ status: 'pending' }, { status: 'cancelled' }]);
  });
});

describe('what Amazon asks of a skill that sells goods: once the order is complete, it', () => {
  it('confirms by voice, with the seller, the items, the delivery and the total', async () => {
    const door = await openDoorAt(home);
    await place(door);
    expect(speechOf(await prove(door))).toContain(
      'Your order at Pizza on Demand is confirmed: a large pizza with pepperoni and bacon. Delivery is to 7 Elm Street, in 40 minutes. The total is 23 dollars and 25 cents with tax and the delivery fee.',
    );
  });

  it.each([
    [
      'that is brought',
      home,
      'delivery: $2.99\ntax: $1.77\ntotal: $23.25\nDelivery to 7 Elm Street in 40 minutes',
    ],
    ['to pick up', undefined, 'tax: $1.53\ntotal: $20.02\nPick-up at the address above in 20 minutes'],
  ])('puts all details of an order %s on a card', async (_way, address, rest) => {
    const door = await openDoorAt(address);
    await place(door);
    expect((await prove(door)).response.card).toEqual({
      type: 'Simple',
      title: 'Your order is confirmed',
      content: `Pizza on Demand\n24 Mill Lane, Springfield, IL 62701\n217-555-0142\nlarge pizza: $14.99\npepperoni: $1.50\nbacon: $2.00\n${rest}`,
    });
  });

  it('sends all details by e-mail', async () => {
    const door = await openDoorAt(home);
    await place(door);
    const { card } = (await prove(door)).response;
    const [notice] = await door.store.claimNotices(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 5);
    const [confirmed = expect.unreachable()] = await door.orders();
    expect(notice).toMatchObject({ kind: 'receipt', actionId: confirmed.id, customerId: door.customerId });
    expect(noticeWords.receipt(confirmed, undefined).text).toContain((card as { content: string }).content);
  });
});

describe('what else Amazon asks of a skill that sells goods', () => {
  it('wants a voice code for what is dear: POD wants a code for everything', async () => {
    const door = await openDoorAt(home);
    await place(door, { Size: 'jumbo', Toppings: several(...toppings) });
    expect(await door.orders()).toMatchObject([{ status: 'pending' }]);
    await prove(door);
    expect(await door.orders()).toMatchObject([{ status: 'confirmed' }]);
  });

  it('wants the skill to be called what its seller is called', () => {
    expect(pizzaOnDemand.invocationName).toBe(seller.name.toLowerCase());
    expect(readFileSync('docs/setup.md', 'utf8')).toContain(`Name**: \`${pizzaOnDemand.invocationName}\``);
  });

  it('wants the description to say that an account is linked', () => {
    expect(readFileSync('docs/setup.md', 'utf8')).toMatch(
      /\*\*Distribution\*\*: say .+ account has to be linked/,
    );
  });
});

describe('the terms as they are told', () => {
  const { placed, confirmed } = createPizzaSpeech(4);

  it('agree to the cent by voice, on the card, on the receipt, by mail and by API, for 1,000 pizzas', async () => {
    await assertProperty(
      fc.asyncProperty(anyPizza, anyAddress, async (any, address) => {
        const terms = quote(any, address);
        const pending = pendingOrder({ terms });
        const proved = confirmed(endedOrder({ terms }));
        const receipt = receiptOf(terms.bill as NonNullable<typeof terms.bill>);
        const { bill } = presentOrder(pending);
        const told = [
          centsSaid(placed(pending).speech),
          centsSaid(proved.speech),
          centsWritten(receipt),
          centsWritten(noticeWords.receipt(endedOrder({ terms }), undefined).text),
          bill?.total,
        ];
        expect(told).toEqual(told.map(() => terms.bill?.total));
        expect(proved.card).toMatchObject({ content: receipt });
        expect(bill).toEqual(terms.bill);
      }),
      { numRuns: 1_000 },
    );
  });

  it('say of an address the street alone, and so does the card', async () => {
    const door = await openDoorAt({ ...home, city: 'Shelbyville' });
    const heard = [await place(door), JSON.stringify(await prove(door))].join();
    expect(heard).toContain('7 Elm Street');
    expect(heard).not.toMatch(/Shelbyville|62704/);
    expect(JSON.stringify([door.logged, door.steps, door.events])).not.toMatch(/Elm|Shelbyville|62704/);
  });

  it('are told of an order that a POD without prices took as they were then', async () => {
    const door = await openDoor();
    const { customerId } = door;
    await storeOrders(door.store, [endedOrder({ customerId, terms: pizza })]);
    expect(speechOf(await ask(door, 'OrderStatusIntent'))).toContain(
      'Your latest order, a large pizza with pepperoni, is confirmed.',
    );
    const { speech, card } = confirmed(endedOrder({ terms: pizza }));
    expect(speech).toBe(
      'Thank you. Your order at Pizza on Demand is confirmed: a large pizza with pepperoni.',
    );
    expect(card).toMatchObject({ content: 'Pizza on Demand: a large pizza with pepperoni.' });
  });
});

function centsSaid(speech: string): number {
  const [, total = ''] = /The total is (.+?) with tax/.exec(speech) ?? [];
  const [, dollars = '0'] = /(\d+) dollars?/.exec(total) ?? [];
  const [, cents = '0'] = /(\d+) cents?/.exec(total) ?? [];
  return Number(dollars) * 100 + Number(cents);
}

function centsWritten(receipt: string): number {
  const [, dollars = '', cents = ''] = /^total: \$(\d+)\.(\d\d)$/m.exec(receipt) ?? [];
  return Number(dollars + cents);
}
