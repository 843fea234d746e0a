import { inPieces } from './base64.ts';

/** Milliseconds between two signs of life; a proxy such as nginx ends a silent connection after 60 s. */
const heartbeat = 15_000;

/**
 * Server-sent events: signs of life until `events` are there, then these. Whatever is thrown becomes an `error` event; the
 * connection then ends as after a picture.
 */
export async function* toEventStream(
  events: Promise<readonly object[]>,
  toErrorBody: (error: unknown) => object,
): AsyncGenerator<Uint8Array> {
  yield* inPieces(': imageport\n\n');
  const settled = events.then(
    (all) => all.map((event) => toText((event as { type?: string }).type ?? 'message', event)),
    (error: unknown) => [toText('error', toErrorBody(error))],
  );
  while (true) {
    const texts = await orHeartbeat(settled);
    for (const text of texts ?? [': still at work\n\n']) yield* inPieces(text);
    if (texts) return;
  }
}

const toText = (name: string, event: object): string => `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;

/** Undefined when it is time for a sign of life. */
async function orHeartbeat<Value>(work: Promise<Value>): Promise<Value | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, heartbeat, undefined);
  });
  return Promise.race([work, pause]).finally(() => clearTimeout(timer));
}
