import { readFileSync } from 'node:fs';
import { podDefinition } from '../../local/tenant/definition';

/**
 * Amazon sends customers back from the sign-in by addresses that hold a vendor's id. The tenant's definition allows those of
 * ALEXA_VENDOR_ID.
 * @param redirectUrls as Amazon gives them for a skill
 * @returns what is wrong with them, and what to do, in one line; undefined if the tenant allows all of them
 */
export function redirectFault(redirectUrls: readonly string[], vendorId: string): string | undefined {
  const definition = readFileSync(podDefinition, 'utf8').replaceAll('##ALEXA_VENDOR_ID##', vendorId);
  const refused = redirectUrls.filter((address) => !definition.includes(`"${address}"`));
  const [first] = refused;
  if (!first) return undefined;
  const [vendor] = refused.map((address) => address.split('/').at(-1)).filter((one) => one !== vendorId);
  const mend = vendor
    ? `set ALEXA_VENDOR_ID to ${vendor}`
    : 'add it to the callbacks in deploy/auth0/tenant.yaml';
  return `Amazon sends customers back to ${refused.join(', ')}, which the tenant does not allow → ${mend}, and run npm run deploy:auth0.`;
}
