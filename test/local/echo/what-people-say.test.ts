import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Order } from '../../../src/orders/pizza-order';
import { isOpen, openEcho } from '../../alexa/open-echo';
import { spoken } from '../../fixtures/local';

const lines = readFileSync('test/local/echo/utterances.tsv', 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string, string]);

/** The code 1234 as people say it. */
const forms: Readonly<Record<string, string>> = {
  words: spoken('1234'),
  pairs: 'twelve thirty four',
  digits: '1234',
  spaced: '1 2 3 4',
  commas: '1, 2, 3, 4',
  points: '1. 2. 3. 4.',
  hyphens: '1-2-3-4',
  cardinal: 'one thousand two hundred and thirty four',
};
const order = 'get me a large pizza with pepperoni';
const code = `authorize order ${spoken('1234')}`;
const before: Readonly<Record<string, readonly string[]>> = {
  fresh: [],
  open: ['open pizza on demand'],
  asked: ['get me a large pizza with anchovies'],
  partly: ['get me a large pizza with pepperoni and anchovies'],
  pending: [order, 'exit'],
  twice: ['get me a jumbo pizza with pineapple', order, code],
  confirmed: [order, code],
  returning: [order, code],
  drafting: [order, code],
  offered: [],
  changing: [order, 'small'],
  cancelling: [order, code, 'cancel my order'],
  code: [order, 'exit'],
};
/** What follows there after a while. */
const later: Readonly<Record<string, { ms: number; said: readonly string[] }>> = {
  confirmed: { ms: 180_000, said: [] },
  returning: { ms: 3_000_000, said: ['open pizza on demand'] },
  drafting: { ms: 3_000_000, said: ['get me a large pizza with anchovies', 'bacon and tuna'] },
  offered: { ms: 0, said: ['large'] },
};

describe('what people say', () => {
  it.each(lines)('%s: %s → %s', async (state, said, expected) => {
    const { echo, stateOf } = await openIn(state);
    const was = await stateOf();
    const heard = await echo.say(said.replace(/CODE:(\w+)/, (_, form) => forms[form] ?? form));
    const now = await stateOf();
    const [what = '', ...words] = expected.split(' ');
    if (what === 'order') return expectOrder(now.orders[0], heard.speech, words.join(' '));
    if (what === 'confirmed' || what === 'cancelled')
      return expect(now.orders[0]).toMatchObject({ status: what });
    if (what === 'resent') {
      expect(now.sent).toBe(was.sent + 1);
      return expect(now.orders[0]).toMatchObject({ id: was.orders[0]?.id, status: 'pending' });
    }
    expect(heard.speech).toMatch(new RegExp(words.join(' '), 'i'));
    expect(now).toEqual(was);
    if (what === 'ask') expect(isOpen(heard)).toBe(true);
  });
});

/** A customer who has said what leads to this state. What was confirmed is confirmed for good. */
async function openIn(state: string) {
  const echo = await openEcho();
  const { door } = echo;
  for (const text of before[state] ?? []) await echo.say(text);
  echo.pass(later[state]?.ms ?? 0);
  for (const text of later[state]?.said ?? []) await echo.say(text);
  const stateOf = async () => ({ orders: await door.orders(), sent: door.codes.counts().sent });
  return { echo, stateOf };
}

function expectOrder(order: Order | undefined, speech: string, pizza: string): void {
  const [size = '', list = ''] = pizza.split(': ');
  const toppings = list === '-' ? [] : list.split(', ');
  expect(order).toMatchObject({ status: 'pending', terms: { size } });
  expect([...(order?.terms.toppings ?? [])].sort()).toEqual(toppings.sort());
  const isPlain = toppings.length === 0;
  for (const word of [`${size} pizza`, ...(isPlain ? ['without toppings'] : toppings)]) {
    expect(speech).toContain(word);
  }
}
