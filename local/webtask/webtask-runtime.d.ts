declare module 'webtask-runtime' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  type WebtaskFunction = (...args: unknown[]) => unknown;
  type Done<T> = (error: (Error & { code?: number }) | null, result: T) => void;

  export function compile(code: string, options: object, done: Done<WebtaskFunction>): void;
  export function createHandler(
    webtask: WebtaskFunction,
    options: object,
  ): (req: IncomingMessage, res: ServerResponse) => void;
}
