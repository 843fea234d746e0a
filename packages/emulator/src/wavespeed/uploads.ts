import type { Exchange } from '../http/endpoint.ts';
import { isObject, type Reply } from '../http/message.ts';
import { readFile } from '../http/multipart.ts';
import { sniff } from '../uploads.ts';
import { failure, success } from './envelope.ts';

/** POST /api/v3/media/upload/binary: multipart, field `file`. */
export async function uploadBinary(exchange: Exchange): Promise<Reply> {
  const file = await readFile(exchange);
  const type = file && sniff(file.bytes);
  if (!type) return failure(400, 'field "file" must hold an image, a video or a sound');
  const { name } = exchange.world.uploads.add(file.bytes, type.extension);
  const download = `${exchange.origin}/uploads/${name}`;
  return success({ type: type.kind, download_url: download, filename: file.name, size: file.bytes.length });
}

/** POST /api/v3/media/uploads: a ticket for a PUT without the key. */
export function uploadTicket({ json: body, origin, world }: Exchange): Reply {
  const { filename, size, content_type: type } = isObject(body) ? body : {};
  if (typeof filename !== 'string' || typeof size !== 'number') return failure(400, 'filename and size are required');
  const { name } = world.uploads.add(new Uint8Array(), /\.(\w+)$/.exec(filename)?.[1] ?? 'bin');
  const headers = typeof type === 'string' ? { 'Content-Type': type } : {};
  const url = `${origin}/uploads/${name}`;
  return success({ download_url: url, upload: { url, method: 'PUT', headers } });
}
