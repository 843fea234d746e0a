import { type Attempt, checkImage, type ImageCheck, ImageError, type ImageModel, type MaxCost } from '@imageport/core';
import type { Budget, IntentBook, Reservation } from '@imageport/core/book';
import type { GatewayKey } from './keys.ts';
import { Refusal } from './refusal.ts';
import type { Order } from './to-order.ts';

type Route = readonly [ImageModel, ...ImageModel[]];

/** What the models of a route would do. Throws where none of them can honour the request; nothing is spent. */
export async function checkRoute(route: Route, { picture }: Order): Promise<ImageCheck[]> {
  const checks = await checkImage({ ...picture, model: route });
  const able = checks.filter(({ verdict }) => verdict !== 'refused');
  const [{ error } = {}] = checks;
  if (able.length === 0 && error) throw error;
  return able;
}

/** Puts the price of a request aside, where its key has a budget. Throws a `Refusal`. */
export async function reserve(
  book: IntentBook,
  { id, budget }: GatewayKey,
  { intentId, checks, n }: { readonly intentId: string; readonly checks: readonly ImageCheck[]; readonly n: number },
): Promise<Reservation | undefined> {
  if (!budget) return undefined;
  const price = dearest(checks, n, budget);
  if (Object.keys(price).length === 0) {
    throw new Refusal('price_unknown', 'this key has a budget, and the price of what is asked for is not known', {
      param: 'model',
    });
  }
  const reservation = await book.reserve(id, price, { budget, intentId });
  if (typeof reservation !== 'string') return reservation;
  throw new Refusal('insufficient_quota', `the budget of this key does not allow it: ${reservation}`);
}

/** The highest listed price of all pictures, by currency of the budget. A model without one is not asked. */
function dearest(checks: readonly ImageCheck[], n: number, budget: Budget): MaxCost {
  const most: Partial<Record<'USD' | 'credit', number>> = {};
  for (const { price } of checks) {
    if (price.source === 'unknown' || budget[price.currency] === undefined) continue;
    most[price.currency] = Math.max(most[price.currency] ?? 0, price.amount * n);
  }
  return most;
}

/** Both limits at once. Where they name no currency in common, nothing may be spent. */
export function lesser(one: MaxCost | undefined, other: MaxCost | undefined): MaxCost | undefined {
  if (!one || !other) return one ?? other;
  const shared = Object.entries(one).flatMap(([currency, amount]) => {
    const limit = other[currency as 'USD' | 'credit'];
    return limit === undefined ? [] : [[currency, Math.min(amount, limit)] as const];
  });
  return shared.length > 0 ? Object.fromEntries(shared) : { USD: 0 };
}

/** Notes what a call has cost. What may still be waited for keeps its price. */
export async function settle(reservation: Reservation | undefined, attempts: readonly Attempt[]): Promise<void> {
  await reservation?.settle(...attempts.filter(({ billed }) => billed !== 'no').map(({ cost }) => cost));
}

/** The same for a call that failed. */
export async function settleFailure(reservation: Reservation | undefined, error: unknown): Promise<void> {
  if (!reservation || !ImageError.is(error) || error.resumable || error.billed === 'unknown') return;
  if (error.billed === 'no') await reservation.release();
  else await settle(reservation, error.attempts);
}
