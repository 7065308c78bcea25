import { relative } from 'node:path';

/** A path as it is called from the current folder, where that is shorter. */
export function fromHere(path: string): string {
  const shorter = relative(process.cwd(), path);
  return shorter.startsWith('..') ? path : shorter;
}
