// app/api/image/route.ts of Next.js, or any server of web-standard requests: a picture, with its progress as it comes.
import { type GeneratedImage, ImageError, streamImage } from '@imageport/core';
import { toFailure, toResponse } from './failure.ts';
import { type Line, writeLines } from './lines.ts';
import { type Order, toOrder } from './order.ts';
import type { Pictures } from './pictures.ts';
import { untilPaid } from './until-paid.ts';

export interface ImageRoute extends Pictures {
  /** Who asks, from your session: whoever may call this route spends your money. */
  readonly userOf: (request: Request) => Promise<string | undefined>;
  /** Receives what the browser is not told. */
  readonly log: (error: unknown) => void;
  /** Keeps a function alive that nobody waits for any more: `after` of `next/server`. */
  readonly goOn?: (work: Promise<unknown>) => void;
}

export function createImageRoute(route: ImageRoute): (request: Request) => Promise<Response> {
  return async function POST(request) {
    try {
      const user = await route.userOf(request);
      const body: unknown = user && (await request.json().catch(() => undefined));
      const order = await toOrder(user, request.headers.get('idempotency-key'), body);
      const lines = makeLines(route, order, request.signal);
      // What fails before anything has happened is answered with a status of its own.
      const first = await lines.next();
      const headers = { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' };
      return new Response(
        writeLines(first, lines, (error) => toFailure(error).failure),
        { headers },
      );
    } catch (error) {
      if (!ImageError.is(error)) route.log(error);
      return toResponse(error);
    }
  };
}

async function* makeLines(route: ImageRoute, order: Order, left: AbortSignal): AsyncGenerator<Line, undefined> {
  const { models: model, ledger, store, log, goOn } = route;
  let url = await store.find(order.intentId);
  if (url === undefined) {
    const deliver = async (image: GeneratedImage): Promise<void> => {
      url = await store.save(order.intentId, image);
    };
    const stream = streamImage({ ...order, ...untilPaid(left), model, ledger, deliver });
    const work = stream.result.catch(log); // a browser that has left hears of nothing
    goOn?.(work);
    for await (const { type, ...event } of stream) {
      if (type === 'settled') break;
      yield { type: 'progress', step: type, percent: 'progress' in event ? event.progress : undefined };
    }
    await stream.result;
  }
  if (url === undefined) throw new Error('there is a picture and no address');
  yield { type: 'picture', url };
}
