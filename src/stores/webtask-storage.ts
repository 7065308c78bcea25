import { unavailable } from './faults';

/** What a webtask's context offers as `storage`: one JSON document for each webtask. */
export interface WebtaskStorage {
  /** Of the document as the last `get` read it; null when there was none. */
  readonly etag?: string | null;
  get(done: (error: unknown, document?: unknown) => void): void;
  set(document: unknown, options: { etag?: string | null }, done: (error?: unknown) => void): void;
}

/** The document as it was read, and what a write that relies on it must name. */
export interface Snapshot {
  document: unknown;
  etag: string | null | undefined;
}

/** The storage is a service elsewhere, and a turn must end within seven seconds. */
const deadlineMs = 2_000;

/**
 * Reads the document. Ask for a storage's next snapshot only after the last one was used: its `etag` is a property
 * that the next `get` changes.
 * @throws Refusal `store_unavailable`
 */
export async function readStorage(storage: WebtaskStorage): Promise<Snapshot> {
  return callStorage<Snapshot>((done) =>
    storage.get((error, document) => done(error, { document, etag: storage.etag })),
  );
}

/**
 * Writes the document if nobody else has written since the snapshot was read.
 * @returns whether it was written; false when somebody was faster
 * @throws Refusal `store_unavailable`
 */
export async function writeStorage(
  storage: WebtaskStorage,
  document: unknown,
  etag: Snapshot['etag'],
): Promise<boolean> {
  return callStorage<boolean>((done) =>
    storage.set(document, { etag }, (error) => (isConflict(error) ? done(null, false) : done(error, true))),
  );
}

async function callStorage<T>(call: (done: (error: unknown, value: T) => void) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
      call((error, value) => (error ? reject(error) : resolve(value)));
    });
  } catch (cause) {
    throw unavailable(cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The service says 409; webtask-runtime hands over the other document as `conflict`, undefined if there is none. */
function isConflict(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    ('conflict' in error || ('code' in error && error.code === 409))
  );
}
