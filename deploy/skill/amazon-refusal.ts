/** Amazon refuses. Each fault says what, and what to do about it, in one line. */
export class AmazonRefused extends Error {
  override readonly name = 'AmazonRefused';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** Amazon's answers, as far as they tell why: v1.skill.ImportResponse, v1.BadRequestError, and that of Login with Amazon. */
interface Answer {
  message?: string;
  error_description?: string;
  violations?: Answer[];
  errors?: Answer[];
  skill?: { resources?: { name?: string; errors?: Answer[] }[] };
  /** What `ask` puts round an answer. */
  body?: Answer;
  statusCode?: number;
  errorMessage?: string;
}

/** Makes of what `ask` printed what Amazon said. It never holds a token, a secret or a stack. */
export function readRefusal(printed: string): AmazonRefused {
  const reasons = reasonsIn(lastBody(printed) ?? errorIn(printed));
  return new AmazonRefused(reasons.map((reason) => `${reason} → ${cureOf(reason)}`));
}

/** What `ask smapi --debug` tells of the last answer. */
export function lastBody(printed: string): unknown {
  const [, body = ''] = [...printed.matchAll(/^Response body: (.*)$/gm)].at(-1) ?? [];
  return /^\{.+\}$/.test(body) ? JSON.parse(body) : undefined;
}

function errorIn(printed: string): Answer {
  const text = printed.split(/\[(?:Error|Fatal)\]: /).at(-1) ?? '';
  const json = /^\{(?:\}|$[\s\S]*?^\})$/m.exec(text)?.[0];
  return json ? JSON.parse(json) : { message: text };
}

function reasonsIn(answer: unknown): string[] {
  const { skill, violations = [], errors = [], body, statusCode, ...told } = answer as Answer;
  const inner = [...violations, ...errors].flatMap(reasonsIn);
  const ofResources = (skill?.resources ?? []).flatMap(({ name, errors: found = [] }) =>
    found.flatMap(reasonsIn).map((reason) => `${name}: ${reason}`),
  );
  if (inner.length + ofResources.length > 0) return [...ofResources, ...inner];
  if (body) return reasonsIn(body).map((reason) => `${reason} (status code ${statusCode})`);
  const reason = told.error_description ?? told.message ?? told.errorMessage ?? '';
  return [reason.trim().split('\n')[0] || 'Amazon does not say why'];
}

/** What to do about a reason, the first that fits. */
const cures: readonly (readonly [RegExp, string])[] = [
  [
    /vendor/i,
    'ALEXA_VENDOR_ID must be of the account that ASK_REFRESH_TOKEN is of: https://developer.amazon.com/settings/console/mycid.',
  ],
  [
    /refresh_token|invalid_grant|invalid_client|token is (invalid|expired)|status code 401/i,
    'Amazon does not take ASK_REFRESH_TOKEN: npm run signin:amazon makes a new one.',
  ],
  [
    /skill.* not found|not found.* skill|status code 404/i,
    'ALEXA_SKILL_ID must be a skill of this account, which npm run deploy:skill enables: correct it in src/runtimes/secrets.ini, or blank it there to make a new skill.',
  ],
  [
    /^InteractionModel/,
    'Amazon could not build this model: mend the words in src/alexa or src/orders/menu.json, and run it again.',
  ],
  [
    /^Manifest/,
    'The manifest is of deploy/skill/manifest.ts, POD_URL, ALEXA_CERTIFICATE and the menu: mend them, and run it again.',
  ],
  [
    /Retry attempt exceeded|status code (429|5\d\d)|throttl|rate exceeded/i,
    'Amazon is busy: run it again in some minutes.',
  ],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|certificate/,
    'This machine must reach api.amazon.com and api.amazonalexa.com by https.',
  ],
];

function cureOf(reason: string): string {
  return cures.find(([pattern]) => pattern.test(reason))?.[1] ?? 'Mend it, and run this again.';
}
