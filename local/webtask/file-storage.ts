import { createHash } from 'node:crypto';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import { replaceFile } from '../replace-file';

type Done = (error: unknown, data?: unknown) => void;
interface SetOptions {
  etag?: string | null;
  force?: boolean;
}

/** The service's own limit. */
const mostBytes = 500 * 1024;

/**
 * A webtask's storage as the service had it: one JSON document with an etag, which refuses a write that relies on an
 * older one, and more than 500 KB. Unlike webtask-runtime's, it always gives a copy, and replaces its file as a whole.
 * A class, because the runtime makes deep copies of plain objects that it is handed, and a copy knows no new etag.
 */
export class FileStorage {
  #text: string | undefined;
  #writing = Promise.resolve();

  /** @throws Error for a file that holds no JSON: it is not taken for an empty one */
  constructor(private readonly path: string) {
    this.#text = readIfPresent(path);
    if (this.#text !== undefined) JSON.parse(this.#text);
  }

  get etag(): string | null {
    return this.#text === undefined ? null : createHash('sha256').update(this.#text).digest('base64');
  }

  get(options: object | Done, done?: Done): void {
    const answer = (done ?? options) as Done;
    answer(null, this.#text === undefined ? undefined : JSON.parse(this.#text));
  }

  set(data: unknown, options: SetOptions | Done, done?: Done): void {
    const answer = (done ?? options) as Done;
    const { etag, force = false } = done ? (options as SetOptions) : {};
    const text = JSON.stringify(data);
    if (!force && etag !== undefined && etag !== this.etag) {
      answer(Object.assign(new Error('Item was modified since it was read.'), { code: 409, conflict: data }));
    } else if (Buffer.byteLength(text) > mostBytes) {
      answer(Object.assign(new Error('The storage takes 500 KB at most.'), { code: 400 }));
    } else {
      this.#text = text;
      this.#writing = this.#writing.catch(() => {}).then(() => replaceFile(this.path, text));
      this.#writing.then(() => answer(null), answer);
    }
  }
}
