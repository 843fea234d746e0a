import type { ImageModelV4, ImageModelV4CallOptions, ImageModelV4Result } from '@ai-sdk/provider';
import type { GenerateImageOptions, RouteOption } from '@imageport/core';
import { fingerprintOf, type Ticket } from '@imageport/core/book';
import { fetchImages } from './fetch-images.ts';
import type { ImageModel } from './model-v3.ts';
import type { Shared } from './provider.ts';
import { describeRoute, takes } from './route.ts';
import { toCallError } from './to-error.ts';
import { toRequest } from './to-request.ts';
import { toResult } from './to-result.ts';

export type Version = 'v3' | 'v4';
export type ImageModelOf<V extends Version> = V extends 'v4' ? ImageModelV4 : ImageModel;

/** What a result of each version has beyond that of the other. */
const onlyIn = { v3: {}, v4: { isRetryable: false } } as const;
/** As many as core makes in one call: so `ai` splits nothing, and a picture that failed takes no other with it. */
const maxImagesPerCall = 100;

interface Named<V extends Version> {
  readonly modelId: string;
  readonly route: RouteOption;
  readonly version: V;
}

export function createImageModel<V extends Version>(shared: Shared, named: Named<V>): ImageModelOf<V> {
  const { modelId, route, version } = named;
  const model = {
    ...{ specificationVersion: version, provider: 'imageport', modelId, maxImagesPerCall },
    get supportsFileInputs() {
      return takes(route, 'images');
    },
    get supportsMaskInputs() {
      return takes(route, 'mask');
    },
    async doGenerate(options: ImageModelV4CallOptions): Promise<ImageModelV4Result> {
      try {
        return { ...(await makeImages(shared, named, options)), ...onlyIn[version] };
      } catch (error) {
        throw toCallError(error, modelId);
      }
    },
  };
  return model as unknown as ImageModelOf<V>;
}

async function makeImages(
  { book, scope, ledger, defaults }: Shared,
  { modelId, route }: Named<Version>,
  options: ImageModelV4CallOptions,
): Promise<ImageModelV4Result> {
  const timestamp = new Date();
  const { picture, behaviour, ...names } = await toRequest(options);
  const { n, headers: call, abortSignal: signal } = options;
  const fingerprint = await fingerprintOf({ ...picture, n, modelId, route: describeRoute(route) });
  const ticket = await book.take({ scope, fingerprint, n, call, ...names });
  const ending = { ledger, intentId: ticket.intentId, acknowledge: 'manual', signal } as const;
  const asked = { ...defaults, ...picture, ...behaviour, ...ending, n, model: route } as GenerateImageOptions;
  const fetched = await settle(ticket, signal, () => fetchImages(asked, ticket));
  return toResult(fetched, { timestamp, replayed: ticket.replayed });
}

/**
 * Tells the ticket how the work ended. An error, or a caller who has left, gives what is paid to the next equal request.
 * Pictures that are there are given out even if that could not be written down.
 */
async function settle<Result extends object>(
  ticket: Ticket,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result & { readonly notes: readonly string[] }> {
  let result: Result;
  try {
    result = await work();
  } catch (error) {
    if (signal?.aborted) ticket.orphaned();
    else ticket.failed(error);
    throw error;
  }
  const notes = await ticket.delivered().then(
    () => [],
    () => [`intent ${ticket.intentId} was delivered, but the ledger could not note it: it stays open there`],
  );
  return { ...result, notes };
}
