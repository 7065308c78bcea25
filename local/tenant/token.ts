import { settings } from '../../src/config';
import { ConfigError, readSettings } from '../../src/settings-table';
import { LinkRefused, signIn } from '../echo/sign-in';

const usage = `Signs in at the tenant of npm run tenant, and prints an access token of POD's API.

  set -a; . .pod/tenant/pod.env; set +a
  npm run --silent token -- phoebe@example.com phoebe-local
`;

/** Never requested: the tenant sends its code to this address, which is read from the answer. */
const redirectUri = 'http://localhost/token';

void main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof LinkRefused || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 1;
});

async function main([email, password]: string[]): Promise<void> {
  if (!email || !password) throw new LinkRefused('Who signs in? npm run token -- EMAIL PASSWORD');
  const { auth0Domain, apiId, clientId, clientSecret } = settings;
  const given = readSettings({ auth0Domain, apiId, clientId, clientSecret }, process.env);
  const client = { client_id: given.clientId, client_secret: given.clientSecret };
  const url = new URL(`https://${given.auth0Domain}/authorize`);
  const asked = { audience: given.apiId, client_id: given.clientId, redirect_uri: redirectUri };
  url.search = new URLSearchParams({ ...asked, response_type: 'code', scope: 'openid' }).toString();
  const { searchParams } = await signIn(url, redirectUri, { email, password });
  const code = searchParams.get('code');
  if (!code) throw new LinkRefused(`The tenant refused: ${searchParams.get('error_description')}`);
  const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...client };
  const response = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    body: new URLSearchParams(grant),
  });
  const { access_token, error_description } = await response.json();
  if (!response.ok) throw new LinkRefused(`The tenant gave no token: ${error_description}`);
  process.stdout.write(`${access_token}\n`);
}
