import { constants } from 'node:fs';
import { copyFile, link, open } from 'node:fs/promises';

/** Writes a file that is not there yet, durably. */
export async function writeNewFile(path: string, content: Uint8Array | string, mode?: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a whole file under a name that no other has. A link fails where a file is; a rename would replace it. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // Some file systems, such as FAT, have no links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
