import type { JsonObject } from '../contract/json.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { checksum } from '../ledger/wish.ts';
import type { ImageModel } from '../provider/provider.ts';
import { findModel, prepareRequest } from '../request/resolve.ts';
import type { Errand, Trip } from './trip.ts';
import { uploadImages } from './upload.ts';

interface Place {
  readonly attempt: number;
  readonly hasNext: boolean;
}

/** Translates the wish for one model and makes it ready to be sent. Refuses here, where nothing is spent yet. */
export async function prepareErrand(trip: Trip, model: ImageModel, place: Place): Promise<Errand> {
  const host = model.provider['~host'];
  const { adapter } = host;
  const wish = recognisable(trip.intent.request, model);
  prepareRequest(adapter, model.modelId, wish);
  host.ready();
  const request = { ...wish, images: await uploadImages({ trip, model, host }, wish.images) };
  const prepared = prepareRequest(adapter, model.modelId, request);
  const submission = adapter.toSubmit(prepared.native);
  const key = adapter.idempotency && deriveKey(trip.intent.id, place.attempt, submission.body);
  const keyed = key ? { key } : {};
  const seeded = request.seed === undefined ? {} : { seed: request.seed };
  const state = { submits: 0, doubt: false };
  const remembered = { ...keyed, ...seeded };
  return { trip, model, host, prepared, state, ...place, since: Date.now(), request: submission, remembered, ...keyed };
}

/** The errand of an earlier process: the same words, the same key, and the question whether it was accepted. */
export function restoreErrand(
  trip: Trip,
  model: ImageModel,
  sending: Extract<LedgerEvent, { type: 'sending' }>,
): Errand {
  const host = model.provider['~host'];
  const { attempt, request, key, seed, at } = sending;
  const wish = seed === undefined ? trip.intent.request : { ...trip.intent.request, seed };
  const prepared = prepareRequest(host.adapter, model.modelId, wish);
  const keyed = key ? { key } : {};
  const state = { submits: 0, doubt: true };
  const remembered = { ...keyed, ...(seed === undefined ? {} : { seed }) };
  return { trip, model, host, prepared, state, attempt, request, since: at, hasNext: false, remembered, ...keyed };
}

/** Where a host knows no idempotency key, a random seed makes the job recognisable in its list. */
function recognisable(request: ImageRequest, { provider, modelId }: ImageModel): ImageRequest {
  const { adapter } = provider;
  if (adapter.idempotency || request.seed !== undefined) return request;
  const { family } = findModel(adapter, modelId, request.images.length > 0);
  const given: JsonObject = request.providerOptions[adapter.name] ?? {};
  return family.accepts.seed && given.seed === undefined ? { ...request, seed: randomSeed() } : request;
}

const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1)).map((n) => n >>> 1)[0] ?? 0;

/** The same intent, attempt and bytes always give the same key; a new attempt gives a new one. At most 255 characters. */
const deriveKey = (intentId: string, attempt: number, body: unknown): string =>
  `imageport:${intentId}:${attempt}:${checksum(JSON.stringify(body))}`;
