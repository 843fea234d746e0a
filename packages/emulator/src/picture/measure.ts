import type { JobBook } from '../jobs/book.ts';
import { sniff, type Uploads } from '../uploads.ts';
import { loadSharp } from './load-sharp.ts';
import type { PictureRequest, Size } from './request.ts';
import { sizeAfter } from './size.ts';

/** Where the pictures are that the emulator holds. */
export interface Holdings {
  readonly uploads: Uploads;
  readonly jobs: JobBook;
}

/** The pixels that a wish comes to. */
export async function resolveSize(size: PictureRequest['size'], holdings: Holdings): Promise<Size> {
  return 'like' in size ? sizeAfter(size, await measure(size.like, holdings)) : size;
}

/** The pixels of a picture that the emulator holds: an upload, an output, or data in the request. */
async function measure(reference: string, holdings: Holdings): Promise<Size | undefined> {
  const output = outputOf(reference, holdings);
  if (output) return resolveSize(output.size, holdings);
  const bytes = bytesOf(reference, holdings);
  if (!bytes) return undefined;
  try {
    const { width, height } = await loadSharp()(bytes).metadata();
    return { width, height };
  } catch {
    return undefined;
  }
}

/** Whether it is plain that nobody can read this picture: it would have to be here, and is not. */
export function isUnreadable(reference: string, origin: string, holdings: Holdings): boolean {
  const here = reference.startsWith(`${origin}/`) || reference.startsWith('data:');
  if (!here || outputOf(reference, holdings)) return false;
  const bytes = bytesOf(reference, holdings);
  return !bytes || sniff(bytes)?.kind !== 'image';
}

function outputOf(reference: string, { jobs }: Holdings): PictureRequest | undefined {
  const [, id = ''] = /\/outputs\/([^/?]+)-(?:\d+|grid)\.\w+$/.exec(reference) ?? [];
  return (jobs.find('wavespeed', id) ?? jobs.find('apiframe', id))?.pictures;
}

function bytesOf(reference: string, { uploads }: Holdings): Uint8Array | undefined {
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(reference) ?? [];
  if (data !== undefined) return Buffer.from(data, 'base64');
  const [, name = ''] = /\/uploads\/([^/?]+)$/.exec(reference) ?? [];
  return uploads.find(name)?.bytes;
}
