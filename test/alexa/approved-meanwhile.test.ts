import { expect, it } from 'vitest';
import { approve } from '../../src/step-up/approve';
import { disown } from '../../src/step-up/disown';
import { turnOf } from '../fixtures/step-up';
import { openEcho } from './open-echo';

type Echo = Awaited<ReturnType<typeof openEcho>>;

const heard = async (echo: Echo, text: string) => (await echo.say(text)).speech;

/** Orders in a session that stays open. */
async function ordered() {
  const echo = await openEcho();
  await echo.say('open pizza on demand');
  expect(await heard(echo, 'get me a large pizza with pepperoni')).toContain(
    'I have sent you a code of four digits and a link by text message.',
  );
  const [order] = await echo.door.orders();
  if (!order) throw new Error('Nothing was placed.');
  const turn = { ...turnOf(echo.door.customerId), actionId: order.id };
  return {
    echo,
    approve: () =>
      approve(echo.door.services, { ...turn, signIn: { authTime: order.placedAt + 1_000, amr: ['pwd'] } }),
    disown: () => disown(echo.door.services, turn),
  };
}

const news = 'Your order of a large pizza with pepperoni was approved on the page, and is confirmed.';

it.each([
  'one two three four',
  'nine nine nine nine',
  'send me another code',
  'help',
  'what time is it',
  'yes',
  'no',
  'repeat',
  'make it small',
  'where is my order',
  'what do you have',
  'get me a small pizza with onions',
])('tells a conversation that is still open, once, at its next word: “%s”', async (word) => {
  const { echo, approve } = await ordered();
  await approve();
  const speech = await heard(echo, word);
  expect(speech.split('was approved on the page')).toHaveLength(2);
  expect(speech).toContain(news);
  await echo.say('open pizza on demand');
  expect(await heard(echo, 'help')).not.toContain('approved');
});

it('tells it also after words in between, which were about something else', async () => {
  const { echo, approve } = await ordered();
  await echo.say('what do you have');
  await echo.say('what time is it');
  await approve();
  expect(await heard(echo, 'help')).toContain(news);
});

it('tells another conversation that asks where the order stands, and does not confirm it again', async () => {
  const { echo, approve } = await ordered();
  await approve();
  expect(await heard(echo, 'ask pizza on demand where is my order')).toContain(news);
  expect(await heard(echo, 'tell pizza on demand to authorize order one two three four')).toContain(news);
});

it('says why ordering is locked: the customer said that it was not them', async () => {
  const { echo, disown } = await ordered();
  await disown();
  for (const word of ['one two three four', 'ask pizza on demand to get me a small pizza with onions']) {
    expect(await heard(echo, word)).toContain('You said that an order was not yours, so ordering is locked');
  }
});
