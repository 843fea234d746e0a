import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

// A system without them, as Windows, has neither such links nor such pipes.
const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * Reads a regular file of so many bytes at most. Throws with a `code`: the system's own, `ELOOP` for a symbolic link, `EFBIG` for what
 * is larger, `EINVAL` for a folder, a device or a pipe.
 */
export async function readRegularFile(path: string, mostBytes: number): Promise<Uint8Array> {
  const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw failed('EINVAL');
    if (found.size > mostBytes) throw failed('EFBIG');
    const bytes = new Uint8Array(found.size);
    const { bytesRead } = await file.read(bytes, 0, found.size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const failed = (code: string): Error => Object.assign(new Error(code), { code });

export const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;
