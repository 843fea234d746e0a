import sharp from 'sharp';
import type { Uploads } from '../uploads.ts';
import type { Size } from './request.ts';

/** The pixels of a reference picture, when it is one that the emulator holds: an upload or data in the request. */
export async function measure(reference: string, uploads: Uploads): Promise<Size | undefined> {
  const bytes = find(reference, uploads);
  if (!bytes) return undefined;
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch {
    return undefined;
  }
}

function find(reference: string, uploads: Uploads): Uint8Array | undefined {
  const [, data] = /^data:[^,]*;base64,(.*)$/s.exec(reference) ?? [];
  if (data !== undefined) return Buffer.from(data, 'base64');
  const [, name = ''] = /\/uploads\/([^/?]+)$/.exec(reference) ?? [];
  return uploads.find(name)?.bytes;
}
