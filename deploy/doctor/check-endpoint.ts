import { X509Certificate } from 'node:crypto';
import { connect, rootCertificates } from 'node:tls';
import type { Config } from '../../src/config';
import { type Finding, findingsOf, reasonOf } from './finding';

const { ok, fault } = findingsOf('public url');
const patienceMs = 10_000;
const day = 86_400_000;
/** Alexa's tolerance for the time of a request ("Host a Custom Skill as a Web Service"). */
const toleranceMs = 150_000;

interface EndpointParts {
  podUrl: string;
  /** What Amazon is told of the certificate there. */
  certificate: 'Trusted' | 'Wildcard';
  config: Pick<Config, 'auth0Domain' | 'clientId'>;
  fetch: typeof fetch;
  clock(): number;
  /** PEM. Those of Mozilla, which Node brings, if absent: Amazon trusts them, and none that this machine alone was told of. */
  authorities?: readonly string[];
}

/** Whether POD answers where Alexa and browsers will look for it, and answers as it should. */
export async function checkEndpoint(parts: EndpointParts): Promise<Finding[]> {
  const { podUrl } = parts;
  try {
    const certificate = podUrl.startsWith('https:') ? [await checkCertificate(parts)] : [];
    if (certificate.some(({ state }) => state === 'fault')) return certificate;
    const page = await ask(parts, '/app/');
    if (page.status !== 200) {
      return [
        ...certificate,
        fault(
          `${podUrl}/app/ answers ${page.status}`,
          'POD_URL must be the address of POD, with its path: start POD, or correct it.',
        ),
      ];
    }
    return [
      ...certificate,
      ok(`${podUrl}/app/ answers`),
      await checkDoor(parts),
      await checkSignIn(parts),
      checkClock(page, parts.clock()),
    ];
  } catch (error) {
    return [
      fault(`${podUrl} does not answer: ${reasonOf(error)}`, 'Start POD, and let its host name lead to it.'),
    ];
  }
}

function ask({ podUrl, fetch }: EndpointParts, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${podUrl}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(patienceMs), ...init });
}

/**
 * Whether the certificate is one that Alexa takes: of an authority that it trusts, with all between the two, of this name, and for some
 * time yet ("Host a Custom Skill as a Web Service"). @throws the error of a host that does not answer
 */
async function checkCertificate(parts: EndpointParts): Promise<Finding> {
  const { hostname } = new URL(parts.podUrl);
  const shown = await showCertificate(parts);
  if (!(shown instanceof X509Certificate)) {
    return fault(
      `the certificate of ${hostname} is not one that Alexa takes: ${shown.message}`,
      shown.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
        ? 'Let the server send the certificates between its own and the authority, too: the full chain.'
        : 'Give the host one of an authority that Amazon trusts, for its name.',
    );
  }
  const { issuer, validTo } = shown;
  const days = Math.floor((Date.parse(validTo) - parts.clock()) / day);
  if (days < 14)
    return fault(
      `the certificate of ${hostname} ends in ${days} days`,
      'Renew it: Alexa stops calling then.',
    );
  const kind = shown.checkHost(hostname, { wildcards: false }) ? 'Trusted' : 'Wildcard';
  if (kind !== parts.certificate) {
    const cure = `Set ALEXA_CERTIFICATE=${kind}, and run npm run deploy:skill.`;
    return fault(`the certificate of ${hostname} is ${kind}, and Amazon is told ${parts.certificate}`, cure);
  }
  const [, authority = ''] = /^(?:O|CN)=(.+)$/m.exec(issuer) ?? [];
  return ok(`the certificate of ${hostname} is of ${authority}, for ${days} days (${kind})`);
}

type Refused = Error & { code?: string };

/** @returns the certificate of the host, or why it is not to be trusted */
function showCertificate({ podUrl, authorities }: EndpointParts): Promise<X509Certificate | Refused> {
  const { hostname: host, port } = new URL(podUrl);
  const ca = [...(authorities ?? rootCertificates)];
  return new Promise((resolve, reject) => {
    const options = { host, port: Number(port || 443), servername: host, ca, timeout: patienceMs };
    const socket = connect(options, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new Error('it shows no certificate'));
    });
    socket.on('timeout', () => socket.destroy(new Error('it timed out')));
    // What fails in the system never came as far as a certificate.
    socket.on('error', (error: Refused & { syscall?: string }) =>
      error.syscall || !error.code ? reject(error) : resolve(error),
    );
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
