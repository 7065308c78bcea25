import type { ServerResponse } from 'node:http';
import type { Express } from 'express';
import { fromExpress, type WebtaskContext, type WebtaskRequest } from 'webtask-tools';
import type { CertificateSource } from '../alexa/certificate-cache';
import type { Assets } from '../app/assets';
import { parseConfig } from '../config';
import { createApp } from '../create-app';
import { noticeWords } from '../orders/notice-words';
import { pizzaOrder } from '../orders/pizza-order';
import { ConfigError } from '../settings-table';
import type { Log } from '../step-up/outside';
import { watchStore } from '../stores/watch-store';
import { createWebtaskStore } from '../stores/webtask';
import { createServices } from './create-services';

export interface WebtaskParts {
  assets: Assets;
  alexaCertificates: CertificateSource;
}

/**
 * POD as a webtask: the function that a bundle exports. Its settings are the webtask's secrets and nothing else.
 * The app is made at the first request, because only a request brings the secrets, and kept for the life of the process.
 */
export function createWebtask(parts: WebtaskParts): ReturnType<typeof fromExpress> {
  let pod: Pod | undefined;

  return fromExpress((req, res) => {
    if (hasWebtaskParameter(req.url)) {
      return answer(res, 400, 'Parameters of the webtask runtime are not taken here.');
    }
    try {
      pod ??= createPod(parts, req.webtaskContext, mountPathOf(req));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error({ faults: error.faults }, 'the settings cannot be used');
      return answer(res, 500, error.message);
    }
    pod.lookForNotices();
    pod.app(Object.assign(req, { baseUrl: mountPathOf(req) }) as never, res as never);
  });
}

interface Pod {
  app: Express;
  lookForNotices(): void;
}

function createPod(parts: WebtaskParts, { secrets, storage }: WebtaskContext, mountPath: string): Pod {
  const config = parseConfig(secrets);
  if (!config.alexaSkillId) {
    log.warn({}, 'ALEXA_SKILL_ID is not set: POD answers every skill that is pointed at it');
  }
  const clock = Date.now;
  const store = watchStore(createWebtaskStore(storage, pizzaOrder, clock), { log, clock });
  const page = config.publicOrigin && `${config.publicOrigin}${mountPath}/app/`;
  const mail = { words: noticeWords, page };
  const services = createServices({ ...parts, config, kind: pizzaOrder, clock, store, log, mail });
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    app: createApp(services),
    // No timer is sure to run between requests, so that each of them looks in its place: now and then, because to look
    // costs the storage's time.
    lookForNotices() {
      if (Math.abs(clock() - lookedAt) < lookEveryMs) return;
      lookedAt = clock();
      void services.courier?.wake();
    },
  };
}

const lookEveryMs = 10_000;

/** `?webtask_pb=1` makes the runtime read the body, `?webtask_mb=1` mix it into the settings, whoever it comes from. */
function hasWebtaskParameter(url = ''): boolean {
  const names = [...new URLSearchParams(url.replace(/^[^?]*/, '')).keys()];
  return names.some((name) => name.toLowerCase().startsWith('webtask_'));
}

/**
 * What webtask-tools has taken off the front of the URL: `/pod`, `/api/run/wt-00000/pod`, or nothing at the root. Express
 * and POD's links go by `baseUrl`, so that they lead back here.
 */
function mountPathOf({ originalUrl, url = '/' }: WebtaskRequest): string {
  const [before = '', path = ''] = [originalUrl, url].map((whole) => whole.split('?')[0]);
  const mounted = before.endsWith(path) ? before.slice(0, before.length - path.length) : before;
  return mounted.replace(/\/$/, '');
}

// Headers and secrets never come here: webtask puts the latter into the former.
const log: Log = { info: print('info'), warn: print('warn'), error: print('error') };

function print(level: string) {
  return (fields: object, message: string): void => {
    const error = 'err' in fields && fields.err instanceof Error ? { err: fields.err.stack } : {};
    process.stdout.write(`${JSON.stringify({ level, message, ...fields, ...error })}\n`);
  };
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
