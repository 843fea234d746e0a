import { ImageError } from '@imageport/core';
import { headersOf, type Shown, showPictures, toBody, toEvent } from './answer.ts';
import { inPieces } from './base64.ts';
import { addressesOf, type PictureTokens } from './files.ts';
import { handedOver } from './handover.ts';
import type { Job, Running } from './make.ts';
import type { Failure } from './refusal.ts';
import { toEventStream } from './stream.ts';
import { toFailure } from './to-error.ts';

/** What an answer needs to know besides the call. */
export interface Answering {
  readonly tokens: PictureTokens;
  /** Where clients reach the gateway. */
  readonly publicUrl: string | undefined;
  /** Receives what became of a call, once. */
  readonly ended: (result: { readonly headers?: Record<string, string>; readonly failure?: Failure }) => void;
  readonly onError: (error: unknown) => void;
}

/** The answer to a call that has begun: at once for a stream, else when its pictures are there. */
export function respond(job: Job, running: Running, answering: Answering): Response | Promise<Response> {
  const { handover } = running;
  const { ticket } = handover;
  const said = {
    'x-imageport-intent-id': ticket.intentId,
    ...(ticket.replayed ? { 'x-imageport-replayed': 'true' } : {}),
  };
  const pictures = collect(job, running, answering);
  if (!job.order.stream) return pictures.then(({ shown, headers }) => toAnswer(shown, { ...said, ...headers }));
  const events = pictures.then(({ shown }) => shown.map((each) => toEvent(job.order.task, each)));
  // It may fail before anybody has read so far.
  events.catch(() => undefined);
  const body = toEventStream(events, (error) => ({ error: toErrorObject(toFailure(error)) }));
  return new Response(handedOver(body, handover, answering.onError), {
    // The last asks nginx not to hold back what has come.
    headers: { ...said, 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });

  function toAnswer(shown: readonly Shown[], headers: Record<string, string>): Response {
    const chunks = inPieces(JSON.stringify(toBody(shown)));
    return new Response(handedOver(chunks, handover, answering.onError), {
      headers: { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
  }
}

/** Waits for the pictures, and says how it ended. Rejects with what went wrong. */
async function collect(job: Job, running: Running, { tokens, publicUrl, ended }: Answering) {
  const { handover } = running;
  try {
    const result = await running.result;
    const addresses = addressesOf(result.images, job.name);
    const base = publicUrl ?? new URL(job.request.url).origin;
    const addressOf = async (place: number): Promise<string> => {
      const address = addresses[place];
      if (!address) throw new TypeError('a picture needs an address');
      return `${base.replace(/\/+$/, '')}/v1/images/files/${await tokens.seal(address)}`;
    };
    const shown = await showPictures(result, job.order, addressOf, running.left());
    const headers = headersOf(result);
    ended({ headers });
    return { shown, headers };
  } catch (error) {
    handover.failed(error);
    ended({ failure: toFailure(error) });
    throw error;
  }
}

/** The members that OpenAI's SDKs read. */
export const toErrorObject = ({ message, type, code, param }: Failure): object => ({
  ...{ message, type, code },
  param: param ?? null,
});

/** An error as an answer, which says whether the client may repeat the request. */
export function toErrorResponse(failure: Failure, headers: Record<string, string> = {}): Response {
  const { status, retry = false, retryAfter } = failure;
  return Response.json(
    { error: toErrorObject(failure) },
    {
      status,
      headers: {
        ...headers,
        'cache-control': 'no-store',
        'x-should-retry': String(retry),
        ...(retry && retryAfter !== undefined ? { 'retry-after-ms': String(Math.ceil(retryAfter)) } : {}),
      },
    },
  );
}

/** The intent that an error belongs to. */
export const intentOf = (error: unknown): Record<string, string> =>
  ImageError.is(error) && error.intentId !== undefined
    ? { 'x-imageport-intent-id': error.intentId.replace(/#\d+$/, '') }
    : {};
