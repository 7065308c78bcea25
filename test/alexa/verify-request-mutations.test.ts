import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RequestNotVerified } from '../../src/alexa/verify-error';
import { assertProperty } from '../fixtures/assert-property';
import {
  alexaChainUrl,
  issueAlexaChain,
  signatureHeaders,
  type TestCertificate,
} from '../fixtures/certificates';
import { launchRequest, now, openScene, type Scene } from './verify-request-scene';

const body = Buffer.from(JSON.stringify(launchRequest({ locale: 'jalapeño' })));

/** The body with some of its bytes replaced, removed or added: never the same bytes again. */
const mutatedBody = fc
  .array(fc.record({ at: fc.nat(body.length), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((edits) =>
    edits.reduce(
      (bytes, { at, remove, insert }) =>
        Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
      body,
    ),
  )
  .filter((bytes) => !bytes.equals(body));

/** JSON of about the right shape, signed: it may be read or refused, but never surprise anybody. */
const signedEnvelope = fc
  .record(
    {
      version: fc.jsonValue(),
      session: fc.oneof(fc.jsonValue(), fc.constant(launchRequest().session)),
      context: fc.oneof(fc.jsonValue(), fc.constant(launchRequest().context)),
      request: fc.oneof(
        fc.jsonValue(),
        fc.dictionary(
          fc.constantFrom('type', 'intent', 'reason', 'error', 'cause', 'locale'),
          fc.jsonValue(),
        ),
      ),
    },
    { requiredKeys: [] },
  )
  .map((parts) => {
    const { request } = launchRequest();
    return { ...launchRequest(), ...parts, request: parts.request && Object.assign(request, parts.request) };
  });

describe('whatever is sent', () => {
  let root: TestCertificate;
  let leaf: TestCertificate;
  let scene: Scene;
  let genuine: IncomingHttpHeaders;

  beforeAll(async () => {
    const chain = await issueAlexaChain(now);
    ({ root, leaf } = chain);
    scene = openScene({ root, chain: [leaf, chain.intermediate], signer: leaf });
    genuine = signatureHeaders(leaf, body);
    await scene.verify(genuine, body);
  });

  async function outcomeOf(headers: IncomingHttpHeaders, bytes: Buffer): Promise<unknown> {
    return scene.verify(headers, bytes).then(
      () => 'accepted',
      (error: unknown) => error,
    );
  }

  it('a body that is not the signed one is refused', async () => {
    await assertProperty(
      fc.asyncProperty(mutatedBody, async (bytes) => {
        expect(await outcomeOf(genuine, bytes)).toBeInstanceOf(RequestNotVerified);
      }),
      { numRuns: 1000 },
    );
  });

  it('a signature that is not the genuine one is refused', async () => {
    const value = genuine['signature-256'] as string;
    const bytes = Buffer.from(value, 'base64');
    const signature = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.uint8Array({ minLength: 256, maxLength: 256 }).map((other) => Buffer.from(other).toString('base64')),
      fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, change]) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ change;
        return changed.toString('base64');
      }),
      fc.constantFrom(undefined, ['a', 'b'], genuine.signature),
    );
    await assertProperty(
      fc.asyncProperty(signature, async (header) => {
        fc.pre(header !== value);
        const headers = { ...genuine, 'signature-256': header };
        expect(await outcomeOf(headers, body)).toBeInstanceOf(RequestNotVerified);
      }),
      { numRuns: 1000 },
    );
  });

  it('a certificate URL outside Amazon is refused, and nothing is downloaded', async () => {
    const url = fc.oneof(
      fc.string(),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.webPath().map((path) => `https://s3.amazonaws.com/echo.api/../bucket${path}`),
      fc
        .tuple(fc.nat(alexaChainUrl.length - 30), fc.constantFrom('/', '\\', '@', '.', '%2e', ':', '*'))
        .map(([at, text]) => `${alexaChainUrl.slice(0, at)}${text}${alexaChainUrl.slice(at)}`),
    );
    await assertProperty(
      fc.asyncProperty(url, async (header) => {
        const outcome = await outcomeOf({ ...genuine, signaturecertchainurl: header }, body);
        if (outcome !== 'accepted') expect(outcome).toBeInstanceOf(RequestNotVerified);
      }),
      { numRuns: 1000 },
    );
    const amazons = scene.downloads.filter((href) => href.startsWith('https://s3.amazonaws.com/echo.api/'));
    expect(amazons).toEqual(scene.downloads);
  });

  it('a signed envelope of any shape is read or refused, and nothing else', async () => {
    const outcomes = new Set<string>();
    await assertProperty(
      fc.asyncProperty(signedEnvelope, async (envelope) => {
        const bytes = Buffer.from(JSON.stringify(envelope));
        const outcome = await outcomeOf(signatureHeaders(leaf, bytes), bytes);
        if (outcome !== 'accepted') expect(outcome).toBeInstanceOf(RequestNotVerified);
        outcomes.add(outcome === 'accepted' ? outcome : 'refused');
      }),
      { numRuns: 500 },
    );
    expect(outcomes).toEqual(new Set(['accepted', 'refused']));
  });
});
