// tsyringe, which @peculiar/x509 stands on, refuses to load without the Reflect metadata functions.
import 'reflect-metadata';
import { KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import type { Clock } from '../../src/step-up/outside';
import { replaceFile } from '../replace-file';

/** PEM. */
interface TlsMaterial {
  /** The authority's certificate. Its key is forgotten once it has signed: to trust it is to trust this one server. */
  ca: string;
  cert: string;
  key: string;
}

const dayMs = 86_400_000;
const lifetimeMs = 365 * dayMs;
const renewBeforeMs = 30 * dayMs;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * Opens the TLS certificate for localhost that is kept in `directory`, with a development authority of its own; makes both
 * where there are none, or when they end within 30 days.
 * @returns the server's key and certificate, and the file to trust: of the authority, PEM
 * @throws the errors of node:fs when the directory cannot be read or written
 */
export async function openTlsCertificate(directory: string, clock: Clock) {
  const [material, caFile] = [join(directory, 'tls.json'), join(directory, 'ca.pem')];
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const kept = read(readIfPresent(material), clock());
  const { ca, cert, key } = kept ?? (await createMaterial(clock()));
  if (!kept) await replaceFile(material, JSON.stringify({ ca, cert, key }));
  await replaceFile(caFile, ca);
  return { tls: { key, cert }, caFile };
}

function read(text: string | undefined, now: number): TlsMaterial | undefined {
  if (text === undefined) return undefined;
  const material: TlsMaterial = JSON.parse(text);
  return now + renewBeforeMs < Date.parse(new X509Certificate(material.cert).validTo) ? material : undefined;
}

async function createMaterial(now: number): Promise<TlsMaterial> {
  const validity = { notBefore: new Date(now - dayMs), notAfter: new Date(now + lifetimeMs) };
  const [authority, server] = await Promise.all([createKeys(), createKeys()]);
  const issuer = 'CN=POD development authority';
  const signed = { issuer, signingKey: authority.privateKey, signingAlgorithm: ecdsa, ...validity };
  const ca = await X509CertificateGenerator.create({
    ...signed,
    subject: issuer,
    publicKey: authority.publicKey,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  const cert = await X509CertificateGenerator.create({
    ...signed,
    subject: 'CN=localhost',
    publicKey: server.publicKey,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ca: `${ca.toString('pem')}\n`, cert: `${cert.toString('pem')}\n`, key };
}

function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify']);
}
