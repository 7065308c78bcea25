import { describe, expect, it } from 'vitest';
import { readRefusal } from '../../deploy/skill/amazon-refusal';

/** As `ask deploy` prints the answer to a package. */
const importFailed = (resource: object) => `==================== Deploy Skill Metadata ====================
[Warn]: [Interaction Model] build has failed.
[Error]: ${JSON.stringify({ skill: { resources: [resource] }, status: 'FAILED' }, null, 2)}
`;

/** As `ask` prints an answer that is an error. */
const answered = (statusCode: number, body: object) =>
  `[Error]: ${JSON.stringify({ statusCode, body, headers: { 'content-type': 'application/json' } }, null, 2)}\n`;

/** As `ask smapi --debug` prints its calls, with what is secret in them. */
const called = (body: object, error = 'AxiosError: Request failed with status code 400') => `[Error]: {
  "message": "The request to https://api.amazonalexa.com/v1/skills/x failed. Client Error: ${error}",
  "stack": "Error: The request\\n    at ClientRequest.<anonymous>",
  "detail": {}
}


-------------------- Debug Mode --------------------
POST https://api.amazon.com/auth/o2/token
Request body: {"refresh_token":"Atzr|hidden"}
Response body: {"access_token":"Atza|hidden"}
----------------------------------------
Request headers: {"authorization":"Bearer Atza|hidden"}
Request body: {"accountLinkingRequest":{"clientSecret":"hidden"}}
Response body: ${JSON.stringify(body)}
`;

describe('what Amazon refuses is told in one line, with what to do', () => {
  it.each([
    [
      'a manifest',
      importFailed({
        name: 'Manifest',
        status: 'FAILED',
        errors: [{ message: 'The endpoint is not https.' }],
      }),
      /^Manifest: The endpoint is not https\. → .*POD_URL/,
    ],
    [
      'a model',
      importFailed({
        name: 'InteractionModel.en-GB',
        status: 'FAILED',
        errors: [{ message: 'A bad slot.' }],
      }),
      /^InteractionModel\.en-GB: A bad slot\. → .*src\/alexa/,
    ],
    [
      'a refresh token',
      `[Error]: {
  "errorMessage": "The request to https://api.amazon.com/auth/o2/token failed. Client Error: AxiosError: Request failed with status code 400",
  "statusCode": 400,
  "body": {
    "error": "invalid_grant",
    "error_description": "The request has an invalid grant parameter : refresh_token"
  }
}
`,
      /invalid grant parameter : refresh_token .*→ .*ASK_REFRESH_TOKEN: npm run signin:amazon/,
    ],
    [
      'an access token',
      answered(401, { message: 'Token is invalid/expired' }),
      /^Token is invalid.* → .*npm run signin:amazon/,
    ],
    [
      'a vendor',
      answered(401, { message: 'User is not associated with the vendor.' }),
      /^User is not associated.* → ALEXA_VENDOR_ID/,
    ],
    [
      'a skill that is gone',
      answered(404, { message: 'Skill not found with id: amzn1.ask.skill.x, stage: development' }),
      /^Skill not found.* → .*ALEXA_SKILL_ID/,
    ],
    [
      'several things of a request',
      answered(400, {
        message: 'Request is not valid.',
        violations: [{ message: 'One.' }, { message: 'Two.' }],
      }),
      /^One\. \(status code 400\) → [^\n]+\nTwo\. \(status code 400\) → /,
    ],
    [
      'too much',
      answered(503, { message: 'Service unavailable' }),
      /^Service unavailable .* → .*in some minutes/,
    ],
    ['to wait any longer', '[Error]: [Error]: Retry attempt exceeded.\n', /exceeded\. → .*in some minutes/],
    [
      'account linking',
      called({ message: 'Invalid', violations: [{ message: 'Domain cdn.auth0.com is not allowed.' }] }),
      /^Domain cdn\.auth0\.com is not allowed\. → /,
    ],
    [
      'to be reached again',
      called({}, 'Error: read ECONNRESET'),
      /ECONNRESET → This machine must reach api\.amazon\.com/,
    ],
    [
      'to be reached',
      '[Error]: The request to https://api.amazonalexa.com/v1/skills/uploads failed. Client Error: Error: getaddrinfo ENOTFOUND api.amazonalexa.com\n',
      /ENOTFOUND.* → This machine must reach api\.amazon\.com/,
    ],
    ['for no reason', '[Error]: {}\n', /^Amazon does not say why → /],
    ['without a word', '', /^Amazon does not say why → /],
  ])('%s', (_what, printed, line) => {
    const { message } = readRefusal(printed);
    expect(message).toMatch(line);
    expect(message).not.toMatch(/hidden|\bat ClientRequest/);
  });
});
