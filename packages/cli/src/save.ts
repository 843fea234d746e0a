import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { type GeneratedImage, ImageError } from '@imageport/core';
import { type Destination, fileNames, temporaryName } from './destination.ts';
import { linkOrCopy, writeNewFile } from './new-file.ts';
import { readBounded } from './read-bounded.ts';

export interface SaveOptions {
  readonly destination: Destination;
  readonly prompt: string;
  /** Which of how many pictures. */
  readonly index: number;
  readonly n: number;
  readonly signal: AbortSignal;
  /** The request has an id: a file of the name that holds this very picture is it, saved by another command. */
  readonly isNamed?: boolean | undefined;
  /** The name stands for this very picture, as those of a batch do: an empty file of it is replaced, another stays beside it. */
  readonly isOwn?: boolean | undefined;
  /** A file of the name is replaced. */
  readonly force?: boolean | undefined;
}

/** Downloads a picture and puts it whole under a name that nothing had before. Returns its path. */
export async function savePicture(image: GeneratedImage, options: SaveOptions): Promise<string> {
  const { folder } = options.destination;
  // Whole in memory, because only then a broken download is resumed.
  const bytes = await image.bytes({ signal: options.signal });
  const temporary = temporaryName(folder);
  try {
    await writeNewFile(temporary, bytes);
    return await place({ temporary, bytes }, join(folder, nameOf(image, options)), options);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The same, with whatever stood in the way as an `ImageError`, so that the intent of the picture stays unfinished. */
export async function saveOrThrow(image: GeneratedImage, options: SaveOptions): Promise<string> {
  try {
    return await savePicture(image, options);
  } catch (error) {
    // The user's own end, and what core says of a download, are kept as they are.
    if (options.signal.aborted || ImageError.is(error)) throw error;
    const { job } = image;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ImageError({
      code: 'unavailable',
      reason: 'not_saved',
      message: code ? `${code}: ${message.replace(/^\w+: /, '')}` : message,
      billed: 'yes',
      stage: 'download',
      provider: job.provider,
      model: job.modelId,
      job,
      cause: error,
    });
  }
}

/**
 * Takes the name, or the first free one of name-2, name-3 …, where those are names of other pictures name~2, name~3 … What
 * is replaced stays until the new file is whole.
 */
async function place(
  { temporary, bytes }: { readonly temporary: string; readonly bytes: Uint8Array },
  wanted: string,
  { force, isNamed, isOwn }: Pick<SaveOptions, 'force' | 'isNamed' | 'isOwn'>,
): Promise<string> {
  if (force || (isOwn && (await isEmpty(wanted)))) {
    await rename(temporary, wanted);
    return wanted;
  }
  const extension = extname(wanted);
  const stem = join(dirname(wanted), basename(wanted, extension));
  for (let count = 1; ; count += 1) {
    const path = count === 1 ? wanted : `${stem}${isOwn ? '~' : '-'}${count}${extension}`;
    try {
      await linkOrCopy(temporary, path);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if ((isNamed || isOwn) && (await holds(path, bytes))) return path;
    }
  }
}

const holds = (path: string, bytes: Uint8Array): Promise<boolean> =>
  readBounded(path, bytes.length).then(
    (found) => found.equals(bytes),
    () => false,
  );

/** A regular file with something in it, which a link that leads nowhere, or a folder, is not. */
export const holdsSomething = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile() && found.size > 0,
    () => false,
  );

/** A regular file that holds nothing: what it held is lost. */
export const isEmpty = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile() && found.size === 0,
    () => false,
  );

function nameOf(image: GeneratedImage, { destination, prompt, index, n }: SaveOptions): string {
  const given = destination.file && fileNames(destination.file, n)[index];
  return given ?? `imageport-${slug(prompt)}-${shortId(image.job.id)}${extensionsOf(image.mediaType)[0]}`;
}

/** A name as long as a picture of this prompt can get. */
export const longestNameOf = (prompt: string): string => `imageport-${slug(prompt)}-12345678-99.webp`;

/** Up to 40 letters and digits of the prompt, cut between words. */
export function slug(prompt: string): string {
  const words = prompt
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);
  let text = '';
  for (const word of words) {
    if ([...text, ...word].length > 39) break;
    text = text ? `${text}-${word}` : word;
  }
  return text || [...(words[0] ?? 'picture')].slice(0, 40).join('');
}

const shortId = (id: string): string => id.replace(/[^a-zA-Z0-9]/g, '').slice(-8) || 'picture';

/** Of the media types that are not called like their files. */
const extensions: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/tiff': ['.tif', '.tiff'],
  'image/svg+xml': ['.svg'],
};

/** The usual extension first. */
export const extensionsOf = (mediaType = 'image/png'): readonly [string, ...string[]] =>
  extensions[mediaType] ?? [`.${mediaType.split('/')[1]}`];
