import { clientId } from './application';
import {
  createConfiguration,
  emptyConfiguration,
  newApplication,
  type TenantConfiguration,
} from './configuration';
import { applyDefinition, podDefinition, readDefinition } from './definition';
import { apiId } from './resource-servers';
import type { TenantSecrets } from './secrets';
import { openStateFile } from './state-file';

export interface ConfigurationOptions {
  /** Where the configuration of an empty tenant survives a restart; POD's own is made anew at each. */
  dataDirectory?: string;
  /** Digits of a code; 4 if absent. */
  codeLength?: number;
  /** As Auth0 hands one out, to be configured by the Management API, and with nobody in it; POD's own if absent. */
  empty?: boolean;
  /** Allowed from the start. */
  redirectUris?: readonly string[];
  postLogoutRedirectUris?: readonly string[];
}

/** Opens the configuration of a tenant: what its administrator has made of it, or what POD's definition makes of it. */
export async function openConfiguration(
  issuer: string,
  secrets: TenantSecrets,
  options: ConfigurationOptions,
) {
  const file = options.empty
    ? await openStateFile(options.dataDirectory, 'configuration.json', () => emptyConfiguration(issuer))
    : await openStateFile(undefined, 'configuration.json', () => podConfiguration(issuer, secrets, options));
  return createConfiguration(file);
}

function podConfiguration(
  issuer: string,
  secrets: TenantSecrets,
  { codeLength = 4, redirectUris = [], postLogoutRedirectUris = [] }: ConfigurationOptions,
): TenantConfiguration {
  const configuration = emptyConfiguration(issuer);
  const application = newApplication({
    client_id: clientId,
    client_secret: secrets.clientSecret,
    name: 'POD',
  });
  configuration.clients.push(application);
  const keywords = {
    AUTH0_TENANT_DOMAIN: new URL(issuer).host,
    API_ID: apiId,
    API_SIGNING_KEY: secrets.apiSigningKey,
    // Nobody comes back to these: what runs on this machine says where it is itself.
    POD_URL: apiId,
    POD_HOST: new URL(apiId).host,
    ALEXA_VENDOR_ID: 'LOCAL',
    TWILIO: {},
    MAIL_SENDER: 'pod@example.com',
    CODE_LENGTH: codeLength,
  };
  applyDefinition(configuration, readDefinition(podDefinition, keywords));
  application.callbacks = [...redirectUris];
  application.allowed_logout_urls = [...postLogoutRedirectUris];
  return configuration;
}
