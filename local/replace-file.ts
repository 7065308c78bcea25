import { rename, writeFile } from 'node:fs/promises';

/**
 * Writes a file that is readable by its owner alone. It is replaced as a whole, so that a process killed in the middle
 * leaves the old text or the new one.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.next`, text, { mode: 0o600 });
  await rename(`${path}.next`, path);
}
