import { expect, it } from 'vitest';
import { redirectFault } from '../../deploy/skill/redirect-fault';

const redirects = (vendor: string) =>
  ['pitangui.amazon.com', 'layla.amazon.com', 'alexa.amazon.co.jp'].map(
    (host) => `https://${host}/api/skill/link/${vendor}`,
  );

it('the addresses that Amazon sends customers back to are those that the tenant is told of', () => {
  expect(redirectFault(redirects('M0EXAMPLE1'), 'M0EXAMPLE1')).toBeUndefined();
});

it('addresses of another vendor are named, with that vendor', () => {
  expect(redirectFault(redirects('M0ANOTHER'), 'M0EXAMPLE1')).toMatch(
    /^Amazon sends customers back to https:\/\/pitangui.*M0ANOTHER, .* → set ALEXA_VENDOR_ID to M0ANOTHER, and run npm run deploy:auth0\.$/,
  );
});

it('an address that the definition does not have yet is named', () => {
  const address = 'https://new.amazon.example/api/skill/link/M0EXAMPLE1';
  expect(redirectFault([...redirects('M0EXAMPLE1'), address], 'M0EXAMPLE1')).toMatch(
    /^Amazon sends customers back to https:\/\/new\.amazon\.example\S+, which .* → add it to the callbacks in deploy\/auth0\/tenant\.yaml/,
  );
});
