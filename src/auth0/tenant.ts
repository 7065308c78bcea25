/** The application that POD is at its tenant. */
export interface Tenant {
  /** Host of the tenant, for example `pod.eu.auth0.com`. */
  auth0Domain: string;
  /** The host that the Management API has, where the other one is a custom domain. */
  auth0TenantDomain?: string;
  /** Issuer of every token: `https://<domain>/`, with the slash (OpenID Connect Core §2). */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Identifier of the API: the `aud` of its access tokens. */
  apiId: string;
  /** The key the tenant signs the API's access tokens with (HS256). */
  apiSigningKey: string;
}
