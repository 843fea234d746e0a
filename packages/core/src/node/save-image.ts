import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { ImageError } from '../errors/image-error.ts';
import type { GeneratedImage } from '../image/picture.ts';
import type { DownloadPictureOptions } from '../image/read-picture.ts';

export interface SaveImageOptions extends DownloadPictureOptions {
  /** Replace a file that is there already. @default false */
  readonly overwrite?: boolean | undefined;
}

/**
 * Saves a picture under `path`. It is streamed into a temporary file beside it, made durable, and only then given its
 * name: there is never half a picture, and a file that is there stays, unless `overwrite` says otherwise. Throws
 * `ImageError`: reason `not_saved` when the disk refuses, else what the download threw. The picture stays paid, and
 * its job is in the error.
 */
export async function saveImage(image: GeneratedImage, path: string, options: SaveImageOptions = {}): Promise<string> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  try {
    const file = await open(temporary, 'wx');
    await writeAll(file, image, options);
    await (options.overwrite ? rename(temporary, path) : nameOnce(temporary, path));
    return path;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw ImageError.is(error) || options.signal?.aborted ? error : notSaved(image, path, error);
  }
}

async function writeAll(file: FileHandle, image: GeneratedImage, options: DownloadPictureOptions): Promise<void> {
  try {
    for await (const chunk of image.stream(options)) await file.writeFile(chunk);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Gives the finished file its name in one step that fails if the name is taken. */
async function nameOnce(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
    await unlink(temporary);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') throw error;
    // Some file systems have no links: there the name is taken first, and then the file moved over it.
    await (await open(path, 'wx')).close();
    await rename(temporary, path);
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | undefined)?.code;

function notSaved({ job, url }: GeneratedImage, path: string, cause: unknown): ImageError {
  const taken = codeOf(cause) === 'EEXIST' ? 'there is a file of that name' : (codeOf(cause) ?? 'the disk refused');
  // A query may be a signature, which an error must not carry.
  const where = url ? ` It is still at ${url.split('?')[0]}.` : '';
  return new ImageError({
    code: 'unavailable',
    reason: 'not_saved',
    message: `The picture of job ${job.id} could not be saved as ${path}: ${taken}.${where} It is paid; save it elsewhere.`,
    billed: 'yes',
    stage: 'download',
    provider: job.provider,
    model: job.modelId,
    job,
    cause,
  });
}
