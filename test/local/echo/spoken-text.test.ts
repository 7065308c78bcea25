import { expect, it } from 'vitest';
import { spokenText } from '../../../local/echo/spoken-text';

const ssml = (text: string) => spokenText({ type: 'SSML', ssml: text });

it.each([
  [
    '<speak>Fish &amp; chips, 3 &lt; 4, it&apos;s &quot;on&quot; &#233; &#x1F355;</speak>',
    'Fish & chips, 3 < 4, it\'s "on" é 🍕',
  ],
  [
    '<speak> One<break time="1s"/>two <emphasis level="strong">three</emphasis>.\n<p>Four</p><p>five</p></speak>',
    'One two three. Four five',
  ],
  ['<speak>&amp;amp;</speak>', '&amp;'],
])('hears %s', (given, heard) => {
  expect(ssml(given)).toBe(heard);
});

it('hears plain text as it is, and nothing in silence', () => {
  expect(spokenText({ type: 'PlainText', text: 'a & b' })).toBe('a & b');
  expect(spokenText(undefined)).toBe('');
});

it.each([
  '<speak>a & b</speak>',
  '<speak>1 < 2</speak>',
  '<speak>&nbsp;</speak>',
  'no frame',
  '<speak>open',
  '',
])('refuses %s as Alexa does', (given) => {
  expect(() => ssml(given)).toThrow();
});
