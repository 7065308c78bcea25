declare module 'webtask-tools' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface WebtaskContext {
    /** Set by `wt create --secrets-file`. `data` is not: a query string can write into it. */
    secrets: Record<string, string | undefined>;
    storage: import('../stores/webtask-storage').WebtaskStorage;
  }
  export type WebtaskRequest = IncomingMessage & {
    originalUrl: string;
    webtaskContext: WebtaskContext;
  };
  export function fromExpress(
    app: (req: WebtaskRequest, res: ServerResponse) => void,
  ): (context: WebtaskContext, req: IncomingMessage, res: ServerResponse) => void;
}
