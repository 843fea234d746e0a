import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and all above it. Not `mkdir` with `recursive`, which never ends where the system says that a folder's
 * parent is there and that the folder cannot be, as below /proc.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  if (await isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, mode);
  await mkdir(path, mode).catch(async (error: unknown) => {
    if (!(await isFolder(path))) throw error;
  });
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
