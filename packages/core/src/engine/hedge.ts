import { ImageError } from '../errors/image-error.ts';
import { foldRecord, type Intent } from '../ledger/ledger.ts';
import type { RouteModel } from '../provider/provider.ts';
import { findModel, prepareRequest } from '../request/resolve.ts';
import { type Route, wishAt } from '../request/target.ts';
import { kindOf } from '../schedule/kind.ts';
import { branch } from '../time/deadline.ts';
import type { Budget, MaxCost, Reservation } from './budget.ts';
import { createEmit, type Emit, type ImageEvent } from './events.ts';
import { complete, endOf, failureOf, firstOf, type Leg, startLeg } from './hedge-legs.ts';
import { type FinishedIntent, type Frame, guardLedger, runIntent } from './intent-run.ts';
import { nameOf } from './route.ts';
import { unknownLatency } from './vigil.ts';

/** Asks the next model as well when the first is late. Both are paid; only one picture is used. */
export interface Hedge {
  /** Milliseconds since the call began, or `p95`: what one job in twenty takes longer than. */
  readonly after: 'p95' | number;
  /** The most that second models may cost in one call. */
  readonly maxCost: MaxCost;
}

/** A hedge of one call, with what is left of its money. */
export interface HedgePolicy {
  readonly after: Hedge['after'];
  readonly budget: Budget;
}

/** One picture of a call. */
export interface Wish {
  readonly intent: Intent;
  readonly picture: number;
  readonly route: Route;
}

/** The id under which a hedge stands in the ledger: an intent of its own, so that the job that loses is not lost. */
const hedgeId = (intentId: string): string => `${intentId}#hedge`;
export const isHedge = ({ id }: Intent): boolean => id.endsWith('#hedge');

/** Takes one picture along its route as any call does, and asks one more model when that takes too long. */
export async function runHedged(hedge: HedgePolicy, frame: Frame, wish: Wish): Promise<FinishedIntent> {
  const { intent, picture, route } = wish;
  // What was begun before is finished, not hedged: its job may be done, and another would be paid for nothing.
  const begun = await findBegun(frame, intent);
  if (begun) return runIntent(frame, begun, picture, route);
  const emit = createEmit(frame.onEvent, { intentId: intent.id, picture }, frame.deadline.elapsed);
  // Two intents are one wish: their events are told as its own, and it settles once.
  const quiet: Frame = { ...frame, onEvent: quietly(emit) };
  const legs: Leg[] = [];
  const own = startLeg({ ...quiet, alone: () => legs.length > 1 }, intent, picture, route);
  legs.push(own);
  try {
    const next = await nextModel(hedge, frame, wish, own, emit);
    if (!next) return tell(await own.end, emit);
    const { model, reservation } = next;
    const { provider, modelId, overrides } = model;
    const stop = { provider: provider.adapter.name, modelId, ...(overrides ? { overrides } : {}) };
    const other = startLeg(quiet, { ...intent, id: hedgeId(intent.id), route: [stop] }, picture, [model]);
    legs.push(other);
    const finished = await firstOf(own, other, frame);
    if (other.attempts.every(({ billed }) => billed === 'no')) reservation.settle(undefined);
    return tell(finished, emit);
  } catch (error) {
    for (const leg of legs) leg.cancel();
    await Promise.all(legs.map(failureOf));
    const failed = complete(error, legs, intent.id, frame);
    emit({ type: 'settled', ...endOf(failed, legs) });
    throw failed;
  }
}

const tell = ({ run, finished }: FinishedIntent, emit: Emit): FinishedIntent => ({ run: { ...run, emit }, finished });

/** The intent under which this wish was begun by an earlier call, if there is one. */
async function findBegun(frame: Frame, intent: Intent): Promise<Intent | undefined> {
  try {
    const { created, record } = await guardLedger(frame.ledger, frame.deadline).begin(intent);
    if (created) return undefined;
    if (foldRecord(record).phase !== 'closed') return intent;
    for await (const { intent: open } of frame.ledger.open()) if (open.id === hedgeId(intent.id)) return open;
    return intent;
  } catch {
    // A ledger that fails is reported as for any call.
    return intent;
  }
}

const quietly =
  (emit: Emit) =>
  ({ intentId: _, picture: _picture, elapsed: _elapsed, ...event }: ImageEvent): void => {
    if (event.type !== 'settled') emit(event);
  };

interface Next {
  readonly model: RouteModel;
  readonly reservation: Reservation;
}

/** Waits as long as the first model may take. Then the model after it, if there is one and the money for it. */
async function nextModel(
  { after, budget }: HedgePolicy,
  frame: Frame,
  { intent, route }: Wish,
  own: Leg,
  emit: Emit,
): Promise<Next | undefined> {
  const delay = after === 'p95' ? slowest(route[0], intent) : after;
  if (!(await isLate(own, frame, delay))) return undefined;
  const current = own.attempts.length;
  const [from, model] = [route[current], route[current + 1]];
  if (!from || !model) return undefined;
  const reservation = reserve(budget, model, intent);
  if (typeof reservation !== 'string') {
    emit({ type: 'hedging', from: nameOf(from), to: nameOf(model), after: Math.round(delay) });
    return { model, reservation };
  }
  emit({ type: 'warning', message: `${nameOf(model)} was not asked as well: ${reservation}` });
  return undefined;
}

async function isLate({ end }: Leg, { deadline }: Frame, delay: number): Promise<boolean> {
  const over = new AbortController();
  const clock = branch(deadline, over.signal);
  const ended = end.then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([ended, clock.sleep(delay).then(() => true)]);
  } catch {
    return false;
  } finally {
    over.abort();
    clock.dispose();
  }
}

/** Milliseconds that one job in twenty takes longer than: learned, or by what the model's table says. */
function slowest({ provider, modelId, overrides }: RouteModel, { request }: Intent): number {
  const wish = wishAt(request, overrides);
  const learned = provider['~host'].experience.quantile(kindOf(provider.adapter.name, modelId, wish), 0.95);
  if (learned !== undefined) return learned;
  const hint = orWords(() => findModel(provider.adapter, modelId, wish.images.length > 0).family.latency);
  const { median, sigma } = typeof hint === 'object' ? hint : unknownLatency;
  return median * Math.exp(1.645 * sigma);
}

/** Sets the price aside, or says in words why the model is not asked. */
function reserve(budget: Budget, { provider, modelId, overrides }: RouteModel, { request }: Intent) {
  const price = orWords(() => prepareRequest(provider.adapter, modelId, wishAt(request, overrides)).price);
  return typeof price === 'string' ? price : budget.reserve(price);
}

function orWords<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (ImageError.is(error)) return error.message;
    throw error;
  }
}
