import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import jwt from 'jsonwebtoken';
import { compile, createHandler } from 'webtask-runtime';
import { listen } from '../../src/runtimes/listen';
import type { Log } from '../../src/step-up/outside';
import { replaceFile } from '../replace-file';
import { FileStorage } from './file-storage';

interface ClusterOptions {
  /** Of 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Where deployed webtasks and their storage survive a restart. */
  dataDirectory: string;
  /** Whoever has it may run code here: it is for `wt init --token`. Opaque, because wt takes a JWT for something else. */
  token: string;
  log: Log;
}

interface Deployed {
  code: string;
  secrets: Record<string, string>;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

const container = 'wt-00000';
const whereItLogs = 'What a webtask logs is on the terminal of npm run webtask.';
const whatItCanDo = `This rehearsal does not do that. It knows wt create (which deploys anew, too), wt ls and wt rm. ${whereItLogs}`;
/** A bundle is two or three megabytes. */
const mostBytes = 20 * 1024 * 1024;

/**
 * Starts what is left of Webtask for a rehearsal: takes what `wt create` deploys and serves it under its name, on the
 * real webtask-runtime.
 * @returns where it is, and how to stop it
 * @throws the server's error when the port is taken (`code` EADDRINUSE, `port`)
 */
export async function createCluster({ port, dataDirectory, token, log }: ClusterOptions) {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const running = new Map<string, Promise<Handler>>();
  const pathOf = (name: string) => join(dataDirectory, `${name}.json`);
  const storageOf = (name: string) => join(dataDirectory, `${name}.storage.json`);

  function handlerOf(name: string): Promise<Handler> {
    const known = running.get(name) ?? start(name, pathOf(name), storageOf(name), log);
    running.set(name, known);
    known.catch(() => running.delete(name));
    return known;
  }

  async function deploy(body: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { jtn: name, code, ectx: secrets = {} } = JSON.parse(body);
    if (!isName(name) || typeof code !== 'string') {
      return answer(res, 400, 'A webtask needs a name (wt create -n pod …) and code.');
    }
    await replaceFile(pathOf(name), JSON.stringify({ code, secrets }));
    running.delete(name);
    res.setHeader('Location', `http://localhost:${req.socket.localPort}/${name}`);
    answer(res, 200, tokenOf(name));
  }

  const tokenOf = (name: string) => jwt.sign({ jti: randomUUID(), ten: container, jtn: name }, token);

  async function list(res: ServerResponse): Promise<void> {
    const names = (await readdir(dataDirectory)).flatMap((file) => /^([\w-]+)\.json$/.exec(file)?.[1] ?? []);
    const webtasks = names.map((name) => ({ name, token: tokenOf(name) }));
    res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(webtasks));
  }

  async function remove(name: string, res: ServerResponse): Promise<void> {
    if (!existsSync(pathOf(name))) return answer(res, 404, `No webtask is deployed here as ${name}.`);
    running.delete(name);
    await Promise.all([pathOf(name), storageOf(name)].map((path) => rm(path, { force: true })));
    res.writeHead(204).end();
  }

  /** What `wt` asks of a cluster. */
  async function obey(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // Read before it is refused: wt has no ear for an answer while it writes.
    const body = await readBody(req);
    const { pathname, searchParams } = new URL(req.url ?? '', 'http://localhost');
    const given = searchParams.get('key') ?? req.headers.authorization?.replace(/^Bearer /, '');
    if (!isToken(given, token)) return answer(res, 401, 'The token is not this cluster’s.');
    const asked = `${req.method} ${pathname}`;
    if (asked === 'POST /api/tokens/issue') return deploy(body, req, res);
    if (asked === `GET /api/webtask/${container}`) return list(res);
    const [, name] = new RegExp(`^DELETE /api/webtask/${container}/([\\w-]+)$`).exec(asked) ?? [];
    if (name) return remove(name, res);
    if (asked !== `GET /api/logs/tenant/${container}`) return answer(res, 501, whatItCanDo);
    // It stays open, because wt create --watch dies when it ends.
    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
    res.write(`data:${JSON.stringify({ msg: whereItLogs })}\n\n`);
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // A page of another site can point its own name at 127.0.0.1 (DNS rebinding), and would read what a webtask answers.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(req.headers.host ?? ''))
      return answer(res, 421, 'This cluster answers to localhost only.');
    if (req.method !== 'OPTIONS' && /^\/api(?:[/?]|$)/.test(req.url ?? '')) return obey(req, res);
    const [, name = ''] = /^\/([\w-]+)(?:[/?]|$)/.exec(req.url ?? '') ?? [];
    // webtask-runtime answers a preflight itself, and dies of one that names no headers.
    if (req.method === 'OPTIONS') return answer(res, 405, 'A webtask here takes no preflight requests.');
    const handle = await handlerOf(name).catch((error) => {
      if (error.code !== 'ENOENT') log.error({ err: error, name }, 'a webtask does not start');
    });
    if (!handle)
      return answer(res, 404, `No webtask is deployed here under that name: wt create -n ${name || 'pod'} …`);
    handle(req, res);
  }

  const server = createServer((req, res) => {
    serve(req, res).catch((error) => {
      log.error({ err: error }, 'the cluster failed');
      if (!res.headersSent) answer(res, 400, 'That is not a request that wt makes.');
    });
  });
  const listening = await listen(server, port, '127.0.0.1');
  return { url: `http://localhost:${listening.port}`, close: listening.cut };
}

async function start(name: string, path: string, storagePath: string, log: Log): Promise<Handler> {
  const { code, secrets } = JSON.parse(readFileSync(path, 'utf8')) as Deployed;
  const storage = new FileStorage(storagePath);
  const logger = { info() {}, warn() {}, error() {} };
  const webtask = await new Promise<Parameters<typeof createHandler>[0]>((resolve, reject) => {
    compile(code, { logger, filename: `${name}.js` }, (error, compiled) =>
      error ? reject(error) : resolve(compiled),
    );
  });
  const handle = createHandler(webtask, { storage, logger });
  log.info({ name }, 'a webtask is started');
  return (req, res) => {
    // What the proxy in front of a webtask said of it: whatever a caller says there itself is replaced.
    const parameters = {
      container,
      jtn: name,
      ectx: secrets,
      pctx: {},
      mb: 0,
      pb: 0,
      url_format: 3,
      req_id: randomUUID(),
    };
    req.headers['x-wt-params'] = Buffer.from(JSON.stringify(parameters)).toString('base64');
    handle(req, res);
  };
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    length += chunk.length;
    if (length > mostBytes) throw new Error('The body is larger than any bundle.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(token));
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w-]{1,64}$/.test(name) && name !== 'api';
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
