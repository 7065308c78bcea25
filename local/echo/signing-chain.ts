// tsyringe, which @peculiar/x509 stands on, refuses to load without the Reflect metadata functions.
import 'reflect-metadata';
import { createPrivateKey, randomUUID, sign, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificateSource } from '../../src/alexa/certificate-cache';
import type { Clock } from '../../src/step-up/outside';

/** The headers with which Alexa signs a request. */
export type SignatureHeaders = Record<'SignatureCertChainUrl' | 'Signature-256' | 'Signature', string>;

/** A development chain that signs like Alexa does. Whoever trusts `rootPem` takes its requests for Alexa's. */
export type SigningChain = Awaited<ReturnType<typeof openSigningChain>>;

const chainUrl = 'https://s3.amazonaws.com/echo.api/development-signing-chain.pem';
const strangersChainUrl = 'https://s3.amazonaws.com/echo.api/strangers-chain.pem';
/** What a chain lies in, in its directory. */
export const signingChainFile = 'signing-chain.json';
const dayMs = 86_400_000;
const lifetimeMs = 365 * dayMs;
const renewBeforeMs = 30 * dayMs;

const developmentRootAlone: CertificateSource = {
  roots: [],
  download: async (url) => {
    throw new Error(`Only the development chain can be had here, not ${url}.`);
  },
};

/**
 * Opens the signing chain kept in `directory`; makes one when there is none, or when it ends within 30 days.
 * `beside` is what else is trusted and downloaded: nothing, if absent.
 * @throws the errors of node:fs when the directory cannot be read or written.
 */
export async function openSigningChain({
  directory,
  clock,
  beside = developmentRootAlone,
}: {
  directory: string;
  clock: Clock;
  beside?: CertificateSource;
}) {
  const material = (await load(directory, clock())) ?? (await renew(directory, clock()));
  const { rootPem, chainPem } = material;
  const { privateKeyPem } = material;
  let strangers: Promise<Material> | undefined;
  const strangersMaterial = () => {
    strangers ??= createMaterial(clock());
    return strangers;
  };

  return {
    rootPem,
    /** Leaf first. */
    chainPem,
    /** Signs the exact bytes that will be sent; a text is taken as UTF-8. */
    sign: (body: Buffer | string) => signWith(privateKeyPem, chainUrl, body),
    /** Signs as somebody does who has made a chain like Alexa's, to a root of their own that nobody trusts. */
    signAsStranger: async (body: Buffer | string) =>
      signWith((await strangersMaterial()).privateKeyPem, strangersChainUrl, body),
    /** Trusts the development root, and gives the chains for their own URLs, which are never really fetched. */
    certificates: {
      roots: [...beside.roots, rootPem],
      download: async (url: URL) => {
        if (url.href === chainUrl) return chainPem;
        return url.href === strangersChainUrl ? (await strangersMaterial()).chainPem : beside.download(url);
      },
    },
  };
}

function signWith(privateKeyPem: string, url: string, body: Buffer | string): SignatureHeaders {
  const key = createPrivateKey(privateKeyPem);
  const signature = (digest: string) => sign(digest, Buffer.from(body), key).toString('base64');
  return {
    SignatureCertChainUrl: url,
    'Signature-256': signature('sha256'),
    Signature: signature('sha1'),
  };
}

interface Material {
  rootPem: string;
  chainPem: string;
  /** Of the leaf. The authorities' keys are forgotten once they have signed, so that nothing else can be issued. */
  privateKeyPem: string;
}

async function load(directory: string, now: number): Promise<Material | undefined> {
  try {
    const material: Material = JSON.parse(await readFile(join(directory, signingChainFile), 'utf8'));
    const leaf = new X509Certificate(material.chainPem);
    const isOurs = leaf.checkPrivateKey(createPrivateKey(material.privateKeyPem));
    const isFresh = Date.parse(leaf.validFrom) <= now && now + renewBeforeMs < Date.parse(leaf.validTo);
    return isOurs && isFresh ? material : undefined;
  } catch {
    // Absent, damaged or of another version: a new chain costs nothing, since nobody else trusts the old one.
    return undefined;
  }
}

async function renew(directory: string, now: number): Promise<Material> {
  const material = await createMaterial(now);
  const draft = join(directory, `${signingChainFile}.${randomUUID()}`);
  await mkdir(directory, { recursive: true });
  await writeFile(draft, JSON.stringify(material), { mode: 0o600, flag: 'wx' });
  await rename(draft, join(directory, signingChainFile));
  return material;
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

async function createMaterial(now: number): Promise<Material> {
  const [rootKeys, intermediateKeys, leafKeys] = await Promise.all([
    generateKeys(ecdsa),
    generateKeys(ecdsa),
    generateKeys(rsa),
  ]);
  const validity = { notBefore: new Date(now - dayMs), notAfter: new Date(now + lifetimeMs) };
  const issue = async (subject: Party, issuer: Party, extensions: Extensions) => {
    const certificate = await X509CertificateGenerator.create({
      ...validity,
      subject: subject.name,
      publicKey: subject.keys.publicKey,
      issuer: issuer.name,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: ecdsa,
      extensions,
    });
    return certificate.toString('pem');
  };

  const root = { name: 'CN=POD development root', keys: rootKeys };
  const intermediate = { name: 'CN=POD development intermediate', keys: intermediateKeys };
  const leaf = { name: 'CN=echo-api.amazon.com', keys: leafKeys };
  const leafPem = await issue(leaf, intermediate, signerExtensions());
  const intermediatePem = await issue(intermediate, root, authorityExtensions(0));
  return {
    rootPem: await issue(root, root, authorityExtensions()),
    chainPem: `${leafPem}\n${intermediatePem}\n`,
    privateKeyPem: await exportPrivateKey(leafKeys.privateKey),
  };
}

type Extensions = (BasicConstraintsExtension | KeyUsagesExtension | SubjectAlternativeNameExtension)[];

interface Party {
  name: string;
  keys: webcrypto.CryptoKeyPair;
}

function authorityExtensions(pathLength?: number): Extensions {
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
  ];
}

function signerExtensions(): Extensions {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new SubjectAlternativeNameExtension([{ type: 'dns', value: 'echo-api.amazon.com' }]),
  ];
}

function generateKeys(algorithm: typeof ecdsa | typeof rsa): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function exportPrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
