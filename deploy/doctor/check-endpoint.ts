import { connect } from 'node:tls';
import type { Config } from '../../src/config';
import { type Finding, findingsOf, reasonOf } from './finding';

const { ok, fault } = findingsOf('public url');
const patienceMs = 10_000;
const day = 86_400_000;
/** Alexa's tolerance for the time of a request ("Host a Custom Skill as a Web Service"). */
const toleranceMs = 150_000;

interface EndpointParts {
  podUrl: string;
  config: Pick<Config, 'auth0Domain' | 'clientId' | 'publicOrigin'>;
  fetch: typeof fetch;
  clock(): number;
}

/** Whether POD answers where Alexa and browsers will look for it, and answers as it should. */
export async function checkEndpoint(parts: EndpointParts): Promise<Finding[]> {
  const { podUrl } = parts;
  try {
    const page = await ask(parts, '/app/');
    if (page.status !== 200) {
      return [
        fault(
          `${podUrl}/app/ answers ${page.status}`,
          'POD_URL must be the address of POD, with its path: start POD, or correct it.',
        ),
      ];
    }
    return [
      ok(`${podUrl}/app/ answers`),
      ...(podUrl.startsWith('https:') ? [await checkCertificate(podUrl)] : []),
      await checkDoor(parts),
      await checkSignIn(parts),
      checkClock(page, parts.clock()),
    ];
  } catch (error) {
    return [
      fault(
        `${podUrl} does not answer: ${reasonOf(error)}`,
        'Start POD, and let its host name lead to it, with a certificate of an authority that Amazon trusts.',
      ),
    ];
  }
}

function ask({ podUrl, fetch }: EndpointParts, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${podUrl}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs), ...init });
}

/** The connection was made, so that Node's authorities vouch for it; Amazon trusts the same ones, and no expired one. */
function checkCertificate(podUrl: string): Promise<Finding> {
  const { hostname } = new URL(podUrl);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: 443, servername: hostname, timeout: patienceMs }, () => {
      const { valid_to, issuer, subjectaltname = '' } = socket.getPeerCertificate();
      socket.end();
      const days = Math.floor((Date.parse(valid_to) - Date.now()) / day);
      const kind = subjectaltname.includes(`DNS:${hostname}`) ? 'Trusted' : 'Wildcard';
      resolve(
        days < 14
          ? fault(
              `the certificate of ${hostname} ends in ${days} days`,
              'Renew it: Alexa stops calling the skill then.',
            )
          : ok(
              `the certificate of ${hostname} is of ${issuer.O ?? issuer.CN}, for ${days} days (ALEXA_CERTIFICATE=${kind})`,
            ),
      );
    });
    socket.on('error', reject).on('timeout', () => socket.destroy(new Error('it timed out')));
  });
}

async function checkDoor(parts: EndpointParts): Promise<Finding> {
  const { status } = await ask(parts, '/alexa', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (status === 400) return ok('/alexa refuses what Alexa has not signed');
  return fault(
    `/alexa answers ${status} to what Alexa has not signed, and not 400`,
    'Amazon fails such a skill. Something else than POD answers there: look at the proxy in front of it.',
  );
}

async function checkSignIn(parts: EndpointParts): Promise<Finding> {
  const { podUrl, config } = parts;
  const answer = await ask(parts, '/app/oidc/start');
  const location = answer.headers.get('location') ?? '';
  const target = URL.canParse(location) ? new URL(location) : undefined;
  if (target?.host !== config.auth0Domain || target.searchParams.get('client_id') !== config.clientId) {
    return fault(
      `a sign-in there leads to ${target?.host ?? `an answer ${answer.status}`}, and not to ${config.auth0Domain}`,
      'The POD that runs there has other settings than these: deploy it anew.',
    );
  }
  const callback = target.searchParams.get('redirect_uri');
  if (callback !== `${podUrl}/app/oidc/callback`) {
    return fault(
      `a sign-in there comes back to ${callback}, and not to ${podUrl}/app/oidc/callback`,
      `Set PUBLIC_ORIGIN=${new URL(podUrl).origin} for the POD that runs there.`,
    );
  }
  const isOpen = answer.headers.getSetCookie().some((cookie) => !/;\s*secure/i.test(cookie));
  if (podUrl.startsWith('https:') && isOpen) {
    return fault('cookies there are sent without TLS, too', `Set PUBLIC_ORIGIN=${new URL(podUrl).origin}.`);
  }
  return ok('a sign-in leads to the tenant, and comes back');
}

function checkClock(answer: Response, now: number): Finding {
  const { ok: fine, fault: off } = findingsOf('clock');
  const apart = Math.round((now - Date.parse(answer.headers.get('date') ?? '')) / 1000);
  if (Math.abs(apart) * 1000 < toleranceMs) return fine('the clock of POD’s host is right');
  return off(
    `the clocks of POD’s host and of this machine are ${apart} s apart`,
    'Let both keep time by NTP: POD refuses requests that are older than 150 s.',
  );
}
