import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Action } from './action';

/** SHA-256, in hex, over the canonical JSON of the terms (RFC 8785): the same for the same terms, however they are written. */
export function hashTerms(terms: unknown): string {
  return createHash('sha256')
    .update(canonicalize(terms) ?? '')
    .digest('hex');
}

/** Whether these are the terms that were placed, as far as it was written down which. */
export function hasItsTerms({ terms, termsHash }: Pick<Action<unknown>, 'terms' | 'termsHash'>): boolean {
  return termsHash === undefined || hashTerms(terms) === termsHash;
}
