import type { Adapter, HttpRequest } from '../contract/adapter.ts';
import type { JsonObject } from '../contract/json.ts';
import type { ImageRequest } from '../contract/request.ts';
import { ImageError } from '../errors/image-error.ts';
import type { RouteModel } from '../host/provider.ts';
import { checksum, wordsOf } from '../ledger/fingerprint.ts';
import type { Sending } from '../ledger/state.ts';
import { findModel } from '../request/find-model.ts';
import { loadInTime } from '../request/load-in-time.ts';
import { type Prepared, prepareRequest } from '../request/resolve.ts';
import { toEntry } from '../request/route-entries.ts';
import { requestAt } from '../request/target.ts';
import { describeGone } from '../request/warnings.ts';
import { checkAddress } from './address.ts';
import { failure } from './answer.ts';
import { type Frame, hostOf, modelOf, type Picture, subjectOf } from './picture.ts';

/** What one model is asked for, and how that reads in the host's own words. */
export interface Asked {
  /** With addresses in place of reference pictures that were uploaded. */
  readonly request: ImageRequest;
  readonly prepared: Prepared;
}

/** Translates the request for the model that is asked now. Refuses here, where nothing is spent. */
export function prepareAttempt(picture: Picture): Asked {
  const { modelId, overrides } = modelOf(picture);
  const host = hostOf(picture);
  const request = requestAt(picture.intent.request, overrides);
  const prepared = prepareRequest(host.adapter, modelId, request);
  leaveToNext(picture, prepared);
  if (request.vary) checkAddress(host, request.vary.job, 'no');
  host.ready();
  return { request, prepared };
}

/** A model that its host's list has dropped is not asked while the route names another one. */
function leaveToNext(picture: Picture, { gone, native }: Prepared): void {
  if (!gone || picture.state.model + 1 >= picture.route.length) return;
  const { host } = subjectOf(picture);
  const detail = `${describeGone(`${host.adapter.name}:${native.model}`, gone)}; the next model of the route is asked`;
  throw failure(subjectOf(picture), 'not_found', detail, { stage: 'prepare' });
}

/**
 * Loads the tables of the models of a route that an earlier call has begun. What is paid already is finished without them, too, so
 * that failing to load them in time must not stand in its way.
 */
export const knowModels = async (route: readonly RouteModel[], frame: Frame): Promise<void> => {
  await loadInTime(route, frame)?.catch(() => undefined);
};

/** What is written down before the first byte of a send leaves: all that is needed to send the very same again. */
export function toSending(picture: Picture, asked: Asked, attempt: number): Sending {
  const { adapter } = modelOf(picture).provider;
  const marked = mark(picture, asked);
  const { native } = marked ?? asked.prepared;
  const { seed } = native.fields;
  const request = adapter.toSubmit(native);
  const sending: Mutable<Sending> = {
    type: 'sending',
    at: Date.now(),
    attempt,
    request,
    target: toEntry(modelOf(picture)),
    send: nameSend(picture, attempt),
    words: wordsOf(adapter.name, request),
    origin: hostOf(picture).origin(),
  };
  if (adapter.idempotency) sending.key = deriveKey(picture.intent.id, attempt, request);
  if (typeof seed === 'number' && seed >= 0) sending.seed = seed;
  if (marked) sending.marked = true;
  return sending;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The same bytes under the same key, as a send of its own. */
export const toReplay = (picture: Picture, sending: Sending): Sending => ({
  ...sending,
  at: Date.now(),
  send: nameSend(picture, sending.attempt),
});

const nameSend = ({ state, owner }: Picture, attempt: number): string =>
  `${attempt}.${state.sends.length}.${checksum(owner)}`;

/**
 * Where a host knows no idempotency key, a new random seed for every send makes its job recognisable in the list: a
 * listed job with that seed can be of no other send.
 */
function mark(picture: Picture, { request, prepared }: Asked): Prepared | undefined {
  const { provider, modelId } = modelOf(picture);
  const { adapter } = provider;
  const given: JsonObject = request.providerOptions[adapter.name] ?? {};
  if (adapter.idempotency || request.seed !== undefined || given.seed !== undefined) return undefined;
  return prepared.family.accepts.seed
    ? prepareRequest(adapter, modelId, { ...request, seed: randomSeed() })
    : undefined;
}

const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1)).map((n) => n >>> 1)[0] ?? 0;

/** The same intent, attempt and bytes always give the same key; a new attempt gives a new one. At most 255 characters. */
const deriveKey = (intentId: string, attempt: number, { body }: HttpRequest): string =>
  `imageport:${intentId}:${attempt}:${checksum(JSON.stringify(body))}`;

/** What an earlier process sent may be paid: that tables or options have changed since must not stand in its way. */
export function prepareAgain(adapter: Adapter, modelId: string, request: ImageRequest, sent: HttpRequest): Prepared {
  try {
    return prepareRequest(adapter, modelId, request);
  } catch (error) {
    if (!ImageError.is(error)) throw error;
    const native = { model: modelId, prompt: request.prompt, fields: sent.body ?? {} };
    const family = familyOf(adapter, modelId, request);
    return { native, adaptations: [], warnings: [], price: { source: 'unknown' }, family };
  }
}

function familyOf(adapter: Adapter, modelId: string, request: ImageRequest): Prepared['family'] {
  try {
    return findModel(adapter, modelId, request).family;
  } catch {
    return adapter.generic;
  }
}
