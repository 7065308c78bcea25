import { type Definition, type Keywords, podDefinition, readDefinition } from '../../local/tenant/definition';
import { readSettings, type ValuesOf } from '../../src/settings-table';
import { deploySettings, tenantSettings } from '../settings';
import type { Texts } from '../settings-files';

export type TenantValues = ValuesOf<typeof tenantSettings>;

/**
 * The settings by which Auth0 is set up.
 * @throws ConfigError naming every fault; Twilio's are set all or none
 */
export function readTenantSettings(texts: Texts): TenantValues {
  return readSettings(tenantSettings, texts, (get) => {
    const { twilioSid, twilioToken, twilioFrom } = deploySettings;
    const missing = [twilioSid, twilioToken, twilioFrom].filter(({ name }) => !get(name));
    return missing.length < 3 ? missing.map(({ name, looksLike }) => `${name} is missing: ${looksLike}`) : [];
  });
}

/** Who codes come from by mail while nothing else is said: Auth0's own default. */
const auth0Sender = '{{ application.name }} <root@auth0.com>';

/** The tenant's host as Auth0 named it: by another, the Management API is not known. */
export function tenantHostOf(values: Pick<TenantValues, 'auth0Domain' | 'auth0TenantDomain'>): string {
  return values.auth0TenantDomain ?? values.auth0Domain;
}

/** What stands for the keywords of tenant.yaml. */
export function keywordsOf(values: TenantValues): Keywords {
  const { twilioSid, twilioToken, twilioFrom, mailFrom, podUrl } = values;
  const sender = twilioFrom?.startsWith('MG') ? { messaging_service_sid: twilioFrom } : { from: twilioFrom };
  return {
    AUTH0_TENANT_DOMAIN: tenantHostOf(values),
    API_ID: values.apiId,
    API_SIGNING_KEY: values.apiSigningKey,
    POD_URL: podUrl,
    POD_HOST: new URL(podUrl).hostname,
    ALEXA_VENDOR_ID: values.vendorId,
    TWILIO: { twilio_sid: twilioSid, twilio_token: twilioToken, ...sender },
    MAIL_SENDER: mailFrom ? `${mailFrom.name} <${mailFrom.address}>`.trim() : auth0Sender,
    CODE_LENGTH: values.codeLength,
  };
}

/** Connections of the definition that cannot be made with these settings: without Twilio, codes go by mail alone. */
export function excludedConnections({ twilioSid }: TenantValues): string[] {
  return twilioSid ? [] : ['sms'];
}

/** The definition of the tenant as it is with these settings. */
export function tenantDefinition(values: TenantValues): Definition {
  const definition = readDefinition(podDefinition, keywordsOf(values));
  const excluded = excludedConnections(values);
  const connections = definition.connections?.filter(({ name }) => !excluded.includes(String(name)));
  return { ...definition, connections };
}
