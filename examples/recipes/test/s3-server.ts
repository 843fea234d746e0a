import { createServer } from 'node:http';
import { createJournal, listen } from './kit.ts';

/** What was put under a key. */
export interface S3Object {
  readonly type: string | undefined;
  readonly bytes: Uint8Array;
}

/**
 * As much of S3 as a PutObject and a HeadObject need, for signed requests only. While `holds` is set, a PutObject is
 * received and neither kept nor answered.
 */
export async function startS3() {
  const objects = new Map<string, S3Object>();
  const puts = createJournal<string>();
  const s3 = { holds: false };
  const server = createServer(async (request, response) => {
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname);
    const bytes = Buffer.concat(await request.toArray());
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential='))
      return response.writeHead(403).end();
    if (request.method === 'HEAD') return response.writeHead(objects.has(key) ? 200 : 404).end();
    if (request.method !== 'PUT') return response.writeHead(405).end();
    puts.add(key);
    if (s3.holds) return;
    objects.set(key, { type: request.headers['content-type'], bytes });
    return response.writeHead(200, { etag: '"1"' }).end();
  });
  return Object.assign(s3, { objects, puts, ...(await listen(server)) });
}
