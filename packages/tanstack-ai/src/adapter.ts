import {
  type CallOptions,
  createMemoryLedger,
  type GeneratedImage,
  type GenerateImageOptions,
  generateImage,
  type ImageModel,
  type Ledger,
  type RouteOption,
  type RouteTarget,
} from '@imageport/core';
import { createIntentBook, fingerprintOf, type IntentBook, type Ticket } from '@imageport/core/book';
import type { ImageAdapter, ImageGenerationOptions, ImageGenerationResult } from '@tanstack/ai';
import { type ImageportModelOptions, refused, toPicture } from './to-picture.ts';

export type ImageportAdapter = ImageAdapter<string, ImageportModelOptions>;

/** How the calls of all its adapters behave, for those that say nothing else. */
export interface ImageportOptions extends Partial<Omit<CallOptions, 'model' | 'signal' | 'intentId'>> {
  /** Where intents and paid jobs are written; `createFileLedger(path)` survives a crash. @default a memory ledger of its own */
  readonly ledger?: Ledger | undefined;
  /** Which intent a call is. It needs the same `ledger` beside it. @default `createIntentBook({ ledger })` */
  readonly book?: IntentBook | undefined;
  /** Whose calls these are: calls of different scopes never get each other's pictures. @default 'tanstack-ai' */
  readonly scope?: string | undefined;
}

interface Shared {
  readonly ledger: Ledger;
  readonly book: IntentBook;
  readonly scope: string;
  readonly defaults: Partial<CallOptions>;
}

/**
 * Makes adapters for `generateImage` of TanStack AI, one for each model or route. Make it once and not for each request: what is
 * paid, or perhaps paid, and was never handed over goes to the next equal call of any of its adapters.
 *
 * Throws `invalid_request`; a call rejects with an `ImageError`, or with the reason of its abort.
 */
export function createImageport(options: ImageportOptions = {}): (model: RouteOption) => ImageportAdapter {
  const { ledger = createMemoryLedger(), book, scope = 'tanstack-ai', ...defaults } = options;
  // Which intent is open stands in the ledger: a book of another one would not know what is paid.
  if (book && !options.ledger)
    throw refused('invalid_request', '`book` needs the `ledger` that it was made with beside it');
  const shared = { ledger, book: book ?? createIntentBook({ ledger }), scope, defaults };
  return (route) => {
    const [first] = entriesOf(route);
    const model = first ? `${first.model.provider.adapter.name}:${first.model.modelId}` : 'none';
    const generateImages: ImageportAdapter['generateImages'] = (asked) => makeImages(shared, route, asked);
    // '~types' is for the compiler alone.
    return { kind: 'image', name: 'imageport', model, generateImages } as ImageportAdapter;
  };
}

async function makeImages(
  { ledger, book, scope, defaults }: Shared,
  route: RouteOption,
  options: ImageGenerationOptions<ImageportModelOptions>,
): Promise<ImageGenerationResult> {
  const { numberOfImages: n = 1, abortSignal: signal, logger } = options;
  const { picture, behaviour, intentId: named } = toPicture(options);
  const fingerprint = await fingerprintOf({ ...picture, n, route: describe(route) });
  const ticket = await book.take({ scope, fingerprint, n, intentId: named });
  const { intentId } = ticket;
  const ending = { ledger, intentId, acknowledge: 'manual', signal, n, model: route } as const;
  const asked = { ...defaults, ...picture, ...behaviour, ...ending } as GenerateImageOptions;
  const { images, applied, warnings, failures } = await settle(ticket, signal, async () => {
    const result = await generateImage(asked);
    return { ...result, images: await Promise.all(result.images.map(toMedia)) };
  });
  const notes = [...warnings, ...failures.map(({ message }) => message)];
  if (notes.length > 0) logger.provider('warnings', { notes, intentId });
  return { id: intentId, model: `${applied.provider}:${applied.model}`, images };
}

/** Tells the ticket how the work ended. An error, or a caller who has left, gives what is paid to the next equal call. */
async function settle<T>(ticket: Ticket, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
    // TanStack AI has let go of it already.
    signal?.throwIfAborted();
  } catch (error) {
    if (signal?.aborted) ticket.orphaned();
    else ticket.failed(error);
    throw error;
  }
  // What is there is handed over: it stays open in a ledger that cannot note it.
  await ticket.delivered().catch(() => undefined);
  return result;
}

/** Where the host keeps it for a while; else the picture itself. */
async function toMedia(image: GeneratedImage): Promise<ImageGenerationResult['images'][number]> {
  if (image.url !== undefined) return { url: image.url };
  let letters = '';
  for (const byte of await image.bytes()) letters += String.fromCharCode(byte);
  return { b64Json: btoa(letters) };
}

type Entry = Partial<RouteTarget> & { readonly model: ImageModel };

const entriesOf = (route: RouteOption): readonly Entry[] =>
  (Array.isArray(route) ? route : [route]).map((each) => ('model' in each ? each : { model: each }));

/** Where a route leads, as plain data. */
const describe = (route: RouteOption): readonly object[] =>
  entriesOf(route).map(({ model: { provider, modelId }, ...differences }) => ({
    ...differences,
    provider: provider.adapter.name,
    model: modelId,
  }));
