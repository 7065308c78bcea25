import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
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
  /** Whoever has it may deploy: it is for `wt init --token`. Opaque, because wt takes a JWT for something else. */
  token: string;
  log: Log;
}

interface Deployed {
  code: string;
  secrets: Record<string, string>;
}

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

const container = 'wt-00000';
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

  function handlerOf(name: string): Promise<Handler> {
    const known = running.get(name) ?? start(name, pathOf(name), dataDirectory, log);
    running.set(name, known);
    known.catch(() => running.delete(name));
    return known;
  }

  async function deploy(req: IncomingMessage, res: ServerResponse): Promise<void> {
    // Read before it is refused: wt has no ear for an answer while it writes.
    const body = await readBody(req);
    if (!isToken(req.headers.authorization, token))
      return answer(res, 401, 'The token is not this cluster’s.');
    const { jtn: name, code, ectx: secrets = {} } = JSON.parse(body);
    if (!isName(name) || typeof code !== 'string') {
      return answer(res, 400, 'A webtask needs a name (wt create -n pod …) and code.');
    }
    const path = pathOf(name);
    await replaceFile(path, JSON.stringify({ code, secrets }));
    running.delete(name);
    res.setHeader('Location', `http://localhost:${req.socket.localPort}/${name}`);
    answer(res, 200, jwt.sign({ jti: randomUUID(), ten: container, jtn: name }, token));
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (req.method === 'POST' && req.url === '/api/tokens/issue') return deploy(req, res);
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

async function start(name: string, path: string, directory: string, log: Log): Promise<Handler> {
  const { code, secrets } = JSON.parse(readFileSync(path, 'utf8')) as Deployed;
  const storage = new FileStorage(join(directory, `${name}.storage.json`));
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

function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}

function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[\w-]{1,64}$/.test(name);
}

function answer(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
