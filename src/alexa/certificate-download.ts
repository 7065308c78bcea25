const timeoutMs = 2_000;
const maxBytes = 64 * 1024;

/**
 * Takes the checked URL of a signing chain and gives its PEM text: one GET, no redirect, 2 s and 64 kB at most.
 * The cap holds while the body streams in, after decompression.
 * @throws Error when the chain cannot be had within those limits.
 */
export async function downloadCertificateChain(url: URL, fetch = globalThis.fetch): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`The certificate chain was answered with status ${response.status}.`);
  }
  return readText(response.body);
}

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`The certificate chain is larger than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
