import type { v1 } from 'ask-smapi-model';

export type AccountLinkingFile = v1.skill.accountLinking.AccountLinkingRequest;

interface LinkingSettings {
  auth0Domain: string;
  apiId: string;
  clientId: string;
  clientSecret: string;
}

/**
 * How Alexa has a customer sign in, in the wrapped form: `ask` sends the file as the whole body, and Amazon finds the bare
 * form empty.
 */
export function createAccountLinking(settings: LinkingSettings): AccountLinkingFile {
  const { auth0Domain, apiId, clientId, clientSecret } = settings;
  // Without it, Auth0's access tokens are of no API.
  const audience = new URLSearchParams({ audience: apiId });
  return {
    accountLinkingRequest: {
      type: 'AUTH_CODE',
      authorizationUrl: `https://${auth0Domain}/authorize?${audience}`,
      accessTokenUrl: `https://${auth0Domain}/oauth/token`,
      accessTokenScheme: 'HTTP_BASIC',
      clientId,
      clientSecret,
      scopes: ['openid', 'offline_access'],
      domains: ['cdn.auth0.com'],
      // Seconds. What the token's own answer says, counts.
      defaultTokenExpirationInSeconds: 3600,
      skipOnEnablement: false,
    },
  };
}
