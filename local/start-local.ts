import { createServer } from 'node:http';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';
import type { Assets } from '../src/app/assets';
import { parseConfig, settings } from '../src/config';
import type { NoticeWords } from '../src/mail/courier';
import { createServices } from '../src/runtimes/create-services';
import { listen } from '../src/runtimes/listen';
import { readSettings } from '../src/settings-table';
import { type ActionKind, asOf } from '../src/step-up/action';
import type { CodeLength } from '../src/step-up/code';
import type { ActionStore } from '../src/step-up/ledger';
import type { Clock, Log } from '../src/step-up/outside';
import { createSqliteStore } from '../src/stores/sqlite';
import { linkRedirectUri } from './echo/alexa-account';
import type { Attack } from './echo/attacks/attack';
import { createEcho } from './echo/create-echo';
import { readInteractionModel } from './echo/interaction-model';
import { overhearRefusals } from './echo/overhear-refusals';
import type { BoardItem, Suggestions } from './echo/page-data';
import { openSigningChain } from './echo/signing-chain';
import { loopbackRedirects } from './loopback-redirects';
import { createMailServer } from './mail-server';
import { createTenant, type Tenant } from './tenant/create-tenant';
import { createLoopbackFetch } from './tenant/loopback-fetch';

/** Where the app is mounted, as POD would be on a Webtask named `pod`. */
const mountPath = '/pod';
const skillId = 'amzn1.ask.skill.local-echo';

export interface LocalOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  ports: { pod: number; tenant: number; echo: number };
  /** Where orders, users, sign-ins and keys survive a restart. */
  dataDirectory: string;
  assets: Assets;
  /** The Echo's page; it has none if absent. */
  echoAssets?: Assets;
  log: Log;
  /** Further settings by name, `PUSHER_KEY` for example. Those of the stand-ins cannot be overridden. */
  settings?: Readonly<Record<string, string | undefined>>;
  clock?: Clock;
}

/** What the stand-ins are for: POD, or another app with a skill of its own. */
export interface LocalSkill<Terms> {
  kind: ActionKind<Terms>;
  /** How people call it, in lower case. */
  invocationName: string;
  /** Of IntentSchema.json, SampleUtterances.txt and CustomSlotTypes.txt, by which the Echo understands them; for six digits in `six-digits`. */
  modelDirectory: string;
  /** What its customers are written by mail; they are written nothing if absent. */
  noticeWords?: NoticeWords<Terms>;
  /** Where its customers approve, below the app: the message that brings a code leads there. Nowhere if absent. */
  approvalPage?: string;
  /** What the Echo's page suggests to say. */
  suggestions: Suggestions;
  /** What the Echo's page and `npm run attack` try. */
  attacks?: readonly Attack[];
  /** The whole app, with its door for Alexa at `/alexa`. */
  createApp(services: LocalServices<Terms>): RequestHandler;
}

type LocalServices<Terms> = ReturnType<typeof createServices<Terms>> & { auth0Fetch: typeof fetch };

/** An app with stand-ins for Auth0 and the Echo, all on loopback. */
export interface Local<Terms> {
  podUrl: string;
  echoUrl: string;
  tenant: Tenant;
  store: ActionStore<Terms>;
  /** Answers what is under way, then stops all three. */
  close(): Promise<void>;
}

/**
 * Starts the skill's app, the tenant and the Echo, which needs no account anywhere.
 * @throws ConfigError for faulty settings, the server's error when a port is taken (`code` EADDRINUSE, `port`)
 */
export async function startLocal<Terms>(
  skill: LocalSkill<Terms>,
  options: LocalOptions,
): Promise<Local<Terms>> {
  const { kind, invocationName, modelDirectory, noticeWords: words, approvalPage, createApp } = skill;
  const { ports, dataDirectory, assets, log, clock = Date.now } = options;
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const part of closing.splice(0).reverse()) await part();
  };
  try {
    const { codeLength } = readSettings({ codeLength: settings.codeLength }, options.settings ?? {});
    const tenant = await createTenant({
      port: ports.tenant,
      codeLength,
      dataDirectory: join(dataDirectory, 'tenant'),
      clock,
      log,
    });
    closing.push(tenant.close);

    const mailServer = await createMailServer(tenant.inbox.deliverMail);
    closing.push(mailServer.close);

    const server = createServer();
    const pod = await listen(server, ports.pod, '127.0.0.1');
    const origin = `http://localhost:${pod.port}`;
    const podUrl = `${origin}${mountPath}`;
    let store: ActionStore<Terms> | undefined;
    let courier: LocalServices<Terms>['courier'];
    closing.push(async () => {
      await pod.finish();
      await courier?.close();
      await store?.close();
    });
    tenant.allowRedirects({
      redirectUris: [`${podUrl}/app/oidc/callback`, linkRedirectUri],
      postLogoutRedirectUris: [`${podUrl}/app/`],
    });

    if (approvalPage) tenant.leadMessagesTo(`${podUrl}${approvalPage}`);

    const signingChain = await openSigningChain({ directory: join(dataDirectory, 'echo'), clock });
    const config = parseConfig({
      ...options.settings,
      ...tenant.settings,
      ALEXA_SKILL_ID: skillId,
      PUBLIC_ORIGIN: origin,
      MAIL_URL: mailServer.url,
      MAIL_FROM: 'Pizza on Demand <orders@pod.example>',
    });
    const auth0Fetch = createLoopbackFetch(config.auth0Domain);
    store = createSqliteStore(join(dataDirectory, 'orders.db'), kind);
    const alexaCertificates = signingChain.certificates;
    const mail = words && { words, page: `${podUrl}/app/` };
    const overheard = overhearRefusals(log);
    const parts = {
      ...{ config, kind, clock, store, alexaCertificates, assets, mail },
      ...{ log: overheard.log, fetch: auth0Fetch },
    };
    const services = { ...createServices(parts), auth0Fetch };
    courier = services.courier;
    const outer = express().disable('x-powered-by').enable('case sensitive routing');
    outer.use(loopbackRedirects(config.auth0Domain));
    outer.use(mountPath, createApp(services));
    server.on('request', outer);
    courier?.start();

    const echo = await createEcho({
      port: ports.echo,
      podUrl,
      skillId,
      model: readInteractionModel(modelFor(modelDirectory, codeLength), invocationName),
      tenant,
      signingChain,
      dataDir: join(dataDirectory, 'echo'),
      page: {
        assets: options.echoAssets ?? new Map(),
        board: () => readBoard(services, kind),
        suggestions: skill.suggestions,
        attacks: skill.attacks ?? [],
        reasons: overheard,
      },
      clock,
      log,
    });
    closing.push(echo.close);
    return { podUrl, echoUrl: echo.url, tenant, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Alexa has no slot type for six digits, so that such a skill has another model. */
function modelFor(directory: string, codeLength: CodeLength): string {
  return codeLength === 4 ? directory : join(directory, 'six-digits');
}

const shownOrders = 8;

/** What was asked for last, as it truly is now. */
async function readBoard<Terms>(
  { store, clock }: Pick<LocalServices<Terms>, 'store' | 'clock'>,
  kind: ActionKind<Terms>,
): Promise<BoardItem[]> {
  const { actions } = await store.list({ limit: shownOrders });
  return actions.map((action) => {
    const { id, customerId, terms, status, placedAt, delivery } = asOf(action, clock());
    const contact = delivery?.maskedContact;
    const expiresAt = action.status === 'pending' ? action.expiresAt : undefined;
    return { id, customerId, what: kind.describe(terms), status, placedAt, contact, expiresAt };
  });
}
