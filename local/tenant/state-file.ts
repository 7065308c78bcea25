import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readIfPresent } from '../../src/runtimes/read-if-present';
import { replaceFile } from '../replace-file';

/** A value that lives in memory and is mirrored in one JSON file, so that it survives a restart. */
export interface StateFile<T> {
  readonly value: T;
  /** Resolves when the value, as it is now, is in the file. Calls at the same time share one write. */
  save(): Promise<void>;
  /** Resolves when nothing is being written. */
  settle(): Promise<void>;
}

/**
 * Opens `<directory>/<name>`, or makes it with `initial()`. The file is readable by its owner alone and is replaced as a
 * whole, so that a process killed in the middle leaves the old state or the new one. Without a directory the value
 * lives in memory only.
 * @throws Error when the file is not JSON; it is never replaced silently.
 */
export async function openStateFile<T>(
  directory: string | undefined,
  name: string,
  initial: () => T | Promise<T>,
): Promise<StateFile<T>> {
  if (directory === undefined) {
    const nothing = async () => {};
    return { value: await initial(), save: nothing, settle: nothing };
  }

  const file = path.join(directory, name);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stored = readIfPresent(file);
  const value = stored === undefined ? await initial() : parse<T>(stored, file);
  const { save, settle } = coalesce(() => replaceFile(file, JSON.stringify(value)));
  if (stored === undefined) await save();
  return { value, save, settle };
}

function parse<T>(text: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`${file} is damaged. Delete it to let the tenant start afresh.`, { cause });
  }
}

// A write that has not begun yet will see every change made until it begins: later callers join it.
function coalesce(write: () => Promise<void>) {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  const start = () => {
    waiting = undefined;
    return write();
  };
  return {
    save(): Promise<void> {
      if (!waiting) last = waiting = last.then(start, start);
      return waiting;
    },
    settle: () => last,
  };
}
