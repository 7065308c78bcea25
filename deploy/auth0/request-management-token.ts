interface ManagementClientId {
  /** Of the tenant as Auth0 named it: the Management API has no custom domain. */
  host: string;
  clientId: string;
  clientSecret: string;
}

/** A token of the Management API was given, with these scopes; or it was not. */
export type ManagementTokenAnswer =
  | { scopes: string[] }
  /** As Auth0 says it, and what of it is known: the client's credentials, its access, or the host. */
  | { refused: 'credentials' | 'access' | 'host' | 'other'; text: string };

/**
 * Asks Auth0 for a token of the Management API, and tells what came of it. The token itself is thrown away.
 * @throws the error of fetch when nobody answers
 */
export async function requestManagementToken(
  { host, clientId, clientSecret }: ManagementClientId,
  fetchIt: typeof fetch,
): Promise<ManagementTokenAnswer> {
  const answer = await fetchIt(`https://${host}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      audience: `https://${host}/api/v2/`,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  const said = (await answer.json()) as Record<string, string>;
  const { scope = '', error = '', error_description: text = error } = said;
  if (!error) return { scopes: scope.split(' ').filter(Boolean) };
  if (/^Service not found/.test(text)) return { refused: 'host', text };
  if (error === 'invalid_client' || (error === 'access_denied' && answer.status === 401))
    return { refused: 'credentials', text };
  const isAccess = error === 'unauthorized_client' || error === 'access_denied';
  return { refused: isAccess ? 'access' : 'other', text };
}
