import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

const { O_RDONLY, O_NONBLOCK = 0 } = constants;

/**
 * Reads a regular file of so many bytes at most. Throws with a `code`: the system's own, `EISDIR` for a folder, `EFBIG`
 * for what is larger, `not regular` for a device or a pipe, which could go on for ever.
 */
export async function readBounded(path: string, mostBytes: number): Promise<Buffer<ArrayBuffer>> {
  const found = await stat(path);
  if (found.isDirectory()) throw failed('EISDIR');
  if (!found.isFile()) throw failed('not regular');
  if (found.size > mostBytes) throw failed('EFBIG');
  // Should something else stand there by now, it is not waited for.
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    // Some files, such as those of /proc, are longer than they say.
    for await (const chunk of file.createReadStream({ end: mostBytes, autoClose: false })) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > mostBytes) throw failed('EFBIG');
    return bytes;
  } finally {
    await file.close();
  }
}

const failed = (code: string): Error => Object.assign(new Error(code), { code });
