const keptForMs = 10 * 60_000;

/**
 * A fetch that asks for the tenant's metadata (OpenID Connect Discovery §4) once in ten minutes, whoever wants it how often
 * meanwhile. A failure is not kept.
 */
export function metadataOnce(fetchIt: typeof fetch): typeof fetch {
  let kept: { until: number; answer: Promise<Answer> } | undefined;

  async function ask(...request: Parameters<typeof fetch>): Promise<Answer> {
    const response = await fetchIt(...request);
    if (!response.ok) kept = undefined;
    const { status, headers } = response;
    return { status, type: headers.get('content-type') ?? '', body: await response.text() };
  }

  return async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    if (pathname !== '/.well-known/openid-configuration') return fetchIt(input, init);
    if (!kept || kept.until < Date.now()) {
      const answer = ask(input, init);
      kept = { until: Date.now() + keptForMs, answer };
      answer.catch(() => {
        kept = undefined;
      });
    }
    const { status, type, body } = await kept.answer;
    return new Response(body, { status, headers: { 'content-type': type } });
  };
}

interface Answer {
  status: number;
  type: string;
  body: string;
}
