import { createHash } from 'node:crypto';
import { isExpired, phaseOf } from '../jobs/progress.ts';
import type { Host } from '../options.ts';
import { mediaTypeOf } from '../picture/request.ts';
import { sniff } from '../uploads.ts';
import type { World } from '../world.ts';
import type { Exchange, HostApi } from './endpoint.ts';
import { indexPage } from './index-page.ts';
import { type Reply, toBytes } from './message.ts';

const plain = (status: number, text: string): Reply => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: toBytes(text),
});

/** The file servers of both hosts, and the page for whoever opens the emulator in a browser. They ask for no key. */
export const filesApi: HostApi = {
  endpoints: [
    { method: 'GET', path: /^\/$/, kind: 'other', open: true, handle: indexPage },
    { method: 'GET', path: /^\/outputs\/([^/]+)-(\d+|grid)\.\w+$/, kind: 'output', open: true, handle: output },
    { method: 'GET', path: /^\/uploads\/([^/]+)$/, kind: 'other', open: true, handle: upload },
    { method: 'PUT', path: /^\/uploads\/([^/]+)$/, kind: 'upload', open: true, admits: isTicket, handle: putUpload },
  ],
  authenticate: () => '',
  notFound: () => plain(404, 'not found'),
};

/** Apiframe ids carry dashes, WaveSpeed ids do not. */
export function hostOfFile(path: string): Host {
  return /^\/\w+\/[0-9a-f]{8}-/.test(path) ? 'apiframe' : 'wavespeed';
}

async function output(exchange: Exchange, id: string, nth: string): Promise<Reply> {
  const { world } = exchange;
  const job = world.jobs.find(hostOfFile(exchange.call.url.pathname), id);
  if (!job || phaseOf(job) !== 'completed') return plain(404, 'not found');
  if (nth === 'grid' ? !job.pictures.grid : Number(nth) < 1 || Number(nth) > job.pictures.count) {
    return plain(404, 'not found');
  }
  if (job.deleted || isExpired(job, world.settings.retention[job.host])) return plain(410, 'gone');
  const picture = await world.gallery.picture(job, nth === 'grid' ? 'grid' : Number(nth));
  return ranged(exchange, picture, mediaTypeOf(job.pictures.format));
}

function upload({ world }: Exchange, name: string): Reply {
  const file = world.uploads.find(name);
  if (!file || file.bytes.length === 0) return plain(404, 'not found');
  return { status: 200, headers: { 'content-type': sniff(file.bytes)?.contentType ?? '' }, body: file.bytes };
}

/** Only who has the key gets such a name. */
function isTicket({ uploads }: World, name = ''): boolean {
  return uploads.find(name) !== undefined;
}

function putUpload({ world, bytes }: Exchange, name: string): Reply {
  const file = world.uploads.find(name);
  if (!file) return plain(403, 'unknown upload');
  file.bytes = bytes;
  return plain(200, '');
}

function ranged({ call }: Exchange, bytes: Uint8Array, type: string): Reply {
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', etag };
  const [, from = '', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(call.headers.range ?? '') ?? [];
  const fresh = (call.headers['if-range'] ?? etag) === etag;
  if (from === '' || !fresh) return { status: 200, headers, body: bytes };
  const start = Number(from);
  const end = Math.min(to === '' ? bytes.length : Number(to) + 1, bytes.length);
  const range = start < end ? `bytes ${start}-${end - 1}/${bytes.length}` : `bytes */${bytes.length}`;
  const status = start < end ? 206 : 416;
  return { status, headers: { ...headers, 'content-range': range }, body: bytes.subarray(start, end) };
}
