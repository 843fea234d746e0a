// A Worker of Hono: makes pictures for your users, and shows them theirs.
import { ImageError } from '@imageport/core';
import { Hono } from 'hono';
import { Refused, toResponse } from './failure.ts';
import { isOwn, toOrder } from './order.ts';
import { type Env, makeOnce } from './r2-pictures.ts';

export interface WorkerOptions {
  /** Who asks, from your session: whoever may call this spends your money. */
  readonly userOf: (request: Request) => Promise<string | undefined>;
  /** Receives what the browser is not told. */
  readonly log: (error: unknown) => void;
}

export function createImageWorker({ userOf, log }: WorkerOptions) {
  const app = new Hono<{ Bindings: Env }>();

  app.post('/images', async (c) => {
    const user = await userOf(c.req.raw);
    const body: unknown = user && (await c.req.json().catch(() => undefined));
    const order = await toOrder(user, c.req.header('idempotency-key'), body);
    const work = makeOnce(c.env, order);
    c.executionCtx.waitUntil(work.catch(log)); // it goes on for a browser that has left
    return c.json({ url: await work }, 201);
  });

  app.get('/images/:name', async (c) => {
    const name = c.req.param('name');
    const picture = isOwn(await userOf(c.req.raw), name) ? await c.env.PICTURES.get(`pictures/${name}`) : null;
    if (!picture) throw new Refused(404, 'There is no such picture');
    const { contentType = 'application/octet-stream' } = picture.httpMetadata ?? {};
    return new Response(picture.body, { headers: { 'content-type': contentType, 'cache-control': 'private' } });
  });

  app.onError((error) => {
    if (!ImageError.is(error)) log(error);
    return toResponse(error);
  });

  /** A cron trigger finishes what was begun by an isolate that is gone. */
  const scheduled = async (_event: unknown, env: Env): Promise<void> => {
    for (const { key } of (await env.PICTURES.list({ prefix: 'open/' })).objects) {
      const open = await env.PICTURES.get(key);
      if (open) await makeOnce(env, JSON.parse(await open.text())).catch(log);
    }
  };
  return { fetch: app.fetch, scheduled };
}
