import { type GenerateImageResult, generateImage, type ImageModel, type Ledger } from '@imageport/core';
import { fingerprintOf, type IntentBook, type Reservation } from '@imageport/core/book';
import { timeoutOf } from './deadline.ts';
import { createHandover, type Handover } from './handover.ts';
import type { GatewayKey } from './keys.ts';
import type { Slots } from './slots.ts';
import { checkRoute, lesser, reserve, settle, settleFailure } from './spend.ts';
import type { Order } from './to-order.ts';

/** What the calls of a gateway have in common. */
export interface Workshop {
  readonly ledger: Ledger;
  readonly book: IntentBook;
  readonly slots: Slots;
  /** Milliseconds. */
  readonly timeout: number;
  readonly onError: (error: unknown) => void;
}

/** Who asks for what, of which models. */
export interface Job {
  readonly request: Request;
  readonly key: GatewayKey;
  readonly name: string;
  readonly route: readonly [ImageModel, ...ImageModel[]];
  readonly order: Order;
}

/** A call that is under way. */
export interface Running {
  readonly handover: Handover;
  /** What comes of it, whether or not its client waits. */
  readonly result: Promise<GenerateImageResult>;
  /** Milliseconds left for the answer. */
  left(): number;
}

/** Checks a request, finds its intent and its money, and begins. What this throws has cost nothing. */
export async function begin(job: Job, { ledger, book, slots, timeout: own, onError }: Workshop): Promise<Running> {
  const { request, key, name, route, order } = job;
  // A call checks for itself; but a stream would have begun by then, and a budget needs the price before.
  const checks = key.budget || order.stream ? await checkRoute(route, order) : [];
  const { picture, n, maxCost, user } = order;
  const ticket = await book.take({
    ...{ scope: key.id, n },
    fingerprint: await fingerprintOf({ ...picture, model: name, leads: route.map(nameOf), task: order.task, n, user }),
    key: request.headers.get('idempotency-key') ?? undefined,
    retry: Number(request.headers.get('x-stainless-retry-count') ?? 0) > 0,
  });
  const { intentId } = ticket;
  const handover = createHandover(ticket, request.signal);
  try {
    const leave = slots.take(key, intentId);
    const reservation = await reserve(book, key, { intentId, checks, n }).catch((error: unknown) => {
      leave();
      throw error;
    });
    const timeout = timeoutOf(request.headers, own);
    const end = performance.now() + timeout;
    const call = generateImage({
      ...picture,
      ...{ model: route, n, ledger, intentId, timeout, acknowledge: 'manual' },
      maxCost: lesser(reservation?.maxCost, maxCost),
    });
    const result = account(call, reservation, onError).finally(leave);
    return { handover, result, left: () => Math.max(1, end - performance.now()) };
  } catch (error) {
    handover.failed(error);
    throw error;
  }
}

const nameOf = ({ provider, modelId }: ImageModel): string => `${provider.adapter.name}:${modelId}`;

/** The money is noted before anybody is answered, and also when nobody is there any more. What cannot be noted stays put aside. */
async function account(
  call: Promise<GenerateImageResult>,
  reservation: Reservation | undefined,
  onError: (error: unknown) => void,
): Promise<GenerateImageResult> {
  try {
    await call;
  } catch (error) {
    await settleFailure(reservation, error).catch(onError);
    throw error;
  }
  const result = await call;
  await settle(reservation, result.attempts).catch(onError);
  return result;
}
