import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import type { LedgerEvent } from '../ledger/ledger.ts';
import { checksum } from '../ledger/wish.ts';
import type { RouteModel } from '../provider/provider.ts';
import { findModel, type Prepared, prepareRequest } from '../request/resolve.ts';
import type { Run, Submission } from './run.ts';
import { uploadImages } from './upload.ts';

interface Place {
  readonly attempt: number;
  readonly hasNext: boolean;
}

/** Translates the wish for one model and makes it ready to be sent. Refuses here, where nothing is spent yet. */
export async function prepareSubmission(run: Run, model: RouteModel, place: Place): Promise<Submission> {
  const host = model.provider['~host'];
  const { adapter } = host;
  const wish = recognisable(run.intent.request, model);
  prepareRequest(adapter, model.modelId, wish);
  host.ready();
  const request = { ...wish, images: await uploadImages({ run, model, host }, wish.images) };
  const prepared = prepareRequest(adapter, model.modelId, request);
  const outgoing = adapter.toSubmit(prepared.native);
  const key = adapter.idempotency && deriveKey(run.intent.id, place.attempt, outgoing.body);
  const keyed = key ? { key } : {};
  const seeded = request.seed === undefined ? {} : { seed: request.seed };
  const state = { submits: 0, doubt: false };
  const remembered = { ...keyed, ...seeded };
  return { run, model, host, prepared, state, ...place, since: Date.now(), request: outgoing, remembered, ...keyed };
}

/** The submission of an earlier process: the same words, the same key, and the question whether it was accepted. */
export function restoreSubmission(
  run: Run,
  model: RouteModel,
  sending: Extract<LedgerEvent, { type: 'sending' }>,
): Submission {
  const host = model.provider['~host'];
  const { attempt, request, key, seed, at } = sending;
  const wish = seed === undefined ? run.intent.request : { ...run.intent.request, seed };
  const prepared = prepareAgain(host.adapter, model.modelId, wish, request);
  const keyed = key ? { key } : {};
  const state = { submits: 0, doubt: true };
  const remembered = { ...keyed, ...(seed === undefined ? {} : { seed }) };
  return { run, model, host, prepared, state, attempt, request, since: at, hasNext: false, remembered, ...keyed };
}

/** What was sent may be paid: that the tables or the options have changed since must not stand in its way. */
function prepareAgain(adapter: Adapter, modelId: string, wish: ImageRequest, sent: HttpRequest): Prepared {
  try {
    return prepareRequest(adapter, modelId, wish);
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    const native = { model: modelId, prompt: wish.prompt, fields: sent.body ?? {} };
    return { native, adaptations: [], price: { source: 'unknown' }, family: adapter.generic };
  }
}

/** Where a host knows no idempotency key, a random seed makes the job recognisable in its list. */
function recognisable(request: ImageRequest, { provider, modelId }: RouteModel): ImageRequest {
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
