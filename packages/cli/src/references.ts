import { resolve } from 'node:path';
import { parseRequest, type ReferenceImage } from '@imageport/core';
import { readBounded } from './read-bounded.ts';
import { usage } from './usage.ts';

/** Reference pictures as the command line has them: addresses as they are, files as bytes. */
export const readReferences = (given: readonly string[], cwd: string): Promise<ReferenceImage[]> =>
  Promise.all(given.map((each) => readReference(each, cwd)));

/** One of them; `option` is what it was given with. */
export async function readReference(given: string, cwd: string, option = '--image'): Promise<ReferenceImage> {
  if (isAddress(given)) return given;
  const bytes = await readBounded(resolve(cwd, given), mostBytes).catch((error: NodeJS.ErrnoException) => {
    throw usage(`${option} ${given}: ${problems[error.code ?? ''] ?? `the file cannot be read (${error.code})`}`);
  });
  if (isPicture(bytes)) return new Uint8Array(bytes);
  throw usage(`${option} ${given}: the file is not a picture (PNG, JPEG, WebP, GIF and AVIF are)`);
}

/** What is no path. */
export const isAddress = (given: string): boolean => /^(https?|data):/i.test(given);

/** As large as a picture that is downloaded may be. */
const mostBytes = 64 * 1024 * 1024;

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; give a file, an https address or a data URL',
  EISDIR: 'this is a folder; give the picture itself',
  EACCES: 'the file may not be read',
  EFBIG: 'the file is larger than 64 MiB; give a smaller picture',
  'not regular': 'this is not a regular file; give the picture itself',
};

/** Core knows pictures by their first bytes, and refuses the rest. */
function isPicture(bytes: Uint8Array): boolean {
  try {
    const { images } = parseRequest({ prompt: 'a picture', images: [bytes.subarray(0, 64)] });
    return images.every((url) => url.startsWith('data:image/'));
  } catch {
    return false;
  }
}
