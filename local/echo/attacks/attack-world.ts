import type { Clock } from '../../../src/step-up/outside';
import type { Tenant } from '../../tenant/create-tenant';
import { addedCustomerPassword } from '../../tenant/seeded-users';
import { authorize } from '../alexa-account';
import { createEchoDevice, type EchoDevice, type Exchange } from '../echo-device';
import type { Forger, Forgery } from '../forge-request';
import type { InteractionModel } from '../interaction-model';
import type { Sent } from '../page-data';
import { createBrowser } from '../sign-in';
import type { SkillResponse } from '../skill-endpoint';

interface AttackWorldParts {
  /** The app, for example `http://localhost:7100/pod`. */
  podUrl: string;
  tenant: Pick<Tenant, 'url' | 'settings' | 'users' | 'inbox'>;
  model: InteractionModel;
  skillId: string;
  clock: Clock;
  forger: Forger;
  send(body: Buffer): Promise<SkillResponse>;
}

/** A customer whom the attack is about, or the attacker, who has an account like anybody else. */
export interface Customer {
  userId: string;
  email: string;
  password: string;
  phoneNumber: string;
  accessToken: string;
}

type Browser = ReturnType<typeof createBrowser>;

/** What an attacker, and those whom they attack, can do to a POD. */
export type AttackWorld = ReturnType<typeof createAttackWorld>;

export function createAttackWorld(parts: AttackWorldParts) {
  const { podUrl, tenant, model, skillId, clock, forger, send } = parts;

  async function call(customer: Customer, method: string, path: string, body?: object) {
    const response = await fetch(`${podUrl}/api${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${customer.accessToken}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(8_000),
    });
    return { status: response.status, body: await response.json().catch(() => undefined) };
  }

  const officeUrl = (path: string) => new URL(`${podUrl}/app/${path}`);
  const codesOf = ({ phoneNumber }: Customer) =>
    tenant.inbox.messages(phoneNumber).flatMap(({ code }) => code ?? []);

  function codeOf(customer: Customer): string {
    const [code] = codesOf(customer);
    if (code) return code;
    throw new Error('no code reached the customer');
  }

  return {
    /** New customers of the tenant, each with a phone and an account link of their own. */
    async customers<const Names extends readonly string[]>(
      ...names: Names
    ): Promise<{ [Name in keyof Names]: Customer }> {
      const users = await tenant.users.addCustomers(names.length);
      const linked = users.map(async ({ user_id: userId, email = '', user_metadata }): Promise<Customer> => {
        const credentials = { email, password: addedCustomerPassword };
        const { accessToken } = await authorize(tenant, clock, credentials);
        return { userId, ...credentials, phoneNumber: String(user_metadata.phone_number), accessToken };
      });
      return (await Promise.all(linked)) as { [Name in keyof Names]: Customer };
    },

    /** An Echo with this customer's account link. Whoever stands near it can speak to it. */
    echoOf({ accessToken, userId }: Customer): EchoDevice {
      const device = () => ({
        deviceId: `amzn1.ask.device.${userId}`,
        userId: `amzn1.ask.account.${userId}`,
      });
      const account = { device, accessToken: async () => accessToken };
      return createEchoDevice({ account, model, skillId, clock, send });
    },

    /** The newest code on this customer's phone, which the attacker does not have. @throws Error if none came */
    codeOf,
    codesOf,
    /** Has the customer's code replaced until it is another one than this: by chance they may be the same. */
    async makeSureOfAnotherCode(customer: Customer, code: string, speaker: EchoDevice): Promise<void> {
      while (codeOf(customer) === code) await speaker.utter('ask pizza on demand to send me another code');
    },

    /** Sends the request of an exchange once more, as it was or broken: see `Forgery`. */
    forge: ({ request }: Exchange, forgery: Forgery): Promise<Sent> =>
      forger.send(JSON.stringify(request), forgery),

    api: call,

    /** The orders of a customer that were confirmed, in words. @throws Error if POD does not say */
    async confirmedOf(customer: Customer): Promise<string[]> {
      const { status, body } = await call(customer, 'GET', '/orders');
      if (status !== 200 || !Array.isArray(body?.orders)) throw new Error(`the API answered ${status}`);
      type Listed = { status: string; size: string; toppings: string[]; confirmedAt?: string };
      return (body.orders as Listed[])
        .filter((order) => order.status === 'confirmed' || order.confirmedAt)
        .map(({ size, toppings }) => `${size} pizza with ${toppings.join(' and ')}`);
    },

    /** The phone number or mailbox identities that the tenant has linked to this customer. */
    identitiesOf: ({ userId }: Customer): string[] =>
      (tenant.users.find(userId)?.identities ?? []).map(({ connection }) => connection),
    /** Writes another phone number into this customer's profile, as they can themselves in many tenants. */
    claimNumber: ({ userId }: Customer, phoneNumber: string) => tenant.users.change(userId, { phoneNumber }),

    /** The browser of this customer, signed in to the back office. @throws LinkRefused */
    async signInToOffice(customer: Customer) {
      const browser = createBrowser([new URL(podUrl).origin, new URL(tenant.url).origin]);
      await browser.signIn(officeUrl('oidc/start'), customer);
      return browser;
    },
    /** What the back office answers a request with the cookies of this browser. */
    async askOffice(browser: Browser, path: string, init?: RequestInit) {
      const response = await browser.request(officeUrl(path), init);
      return { status: response.status, text: await response.text() };
    },
  };
}
