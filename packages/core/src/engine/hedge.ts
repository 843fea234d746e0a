import { ImageError, worstOf } from '../errors/image-error.ts';
import type { Intent } from '../ledger/ledger.ts';
import type { RouteModel } from '../provider/provider.ts';
import { findModel, prepareRequest } from '../request/resolve.ts';
import { type Route, wishAt } from '../request/target.ts';
import { kindOf } from '../schedule/kind.ts';
import { branch } from '../time/deadline.ts';
import type { Budget, MaxCost } from './budget.ts';
import { createEmit, type Emit, type ImageEvent } from './events.ts';
import { type FinishedIntent, type Frame, leaseGrace, runIntent } from './intent-run.ts';
import { mayFallBack, nameOf } from './route.ts';
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

type Attempts = FinishedIntent['run']['attempts'];

/** One of the two ways to the picture: an intent of its own, so that the one that loses stays in the ledger. */
interface Leg {
  readonly intentId: string;
  readonly attempts: Attempts;
  readonly end: Promise<FinishedIntent>;
  cancel(): void;
}

/** Thrown through the leg that came too late. */
class Overtaken extends Error {}

/** Takes one picture along its route, where the rest of the route may be asked before the first model has ended. */
export async function runHedged(hedge: HedgePolicy, frame: Frame, wish: Wish): Promise<FinishedIntent> {
  const { intent, picture } = wish;
  const emit = createEmit(frame.onEvent, { intentId: intent.id, picture }, frame.deadline.elapsed);
  // Two intents are one wish: their events are told as its own, and it settles once.
  const start: Start = (id, route, alone = false) =>
    startLeg({ ...frame, alone, onEvent: quietly(emit) }, { ...intent, id }, picture, route);
  try {
    const { run, finished } = await choose(hedge, frame, wish, emit, start);
    return { run: { ...run, emit }, finished };
  } catch (error) {
    const code = ImageError.is(error) ? { code: error.code, billed: error.billed } : { billed: 'unknown' as const };
    emit({ type: 'settled', outcome: ImageError.is(error) ? 'failed' : 'aborted', ...code });
    throw error;
  }
}

type Start = (intentId: string, route: readonly RouteModel[], alone?: boolean) => Leg;

async function choose(
  { after, budget }: HedgePolicy,
  frame: Frame,
  { intent, route }: Wish,
  emit: Emit,
  start: Start,
): Promise<FinishedIntent> {
  const [first, ...rest] = route;
  const [second] = rest;
  const own = start(intent.id, route, true);
  if (!second) return own.end;
  const [from, to] = [nameOf(first), nameOf(second)];
  const delay = after === 'p95' ? slowest(first, intent) : after;
  const early = await unlessLate(failureOf(own), frame, delay);
  const problem = early === 'late' ? tooDear(budget, second, intent) : undefined;
  if (problem !== undefined) emit({ type: 'warning', message: `${to} was not asked as well: ${problem}` });
  if (early === 'late' && problem === undefined) {
    emit({ type: 'hedging', from, to, after: delay });
    return firstOf(own, start(`${intent.id}#hedge`, rest), frame, intent);
  }
  const error = early === 'late' ? await failureOf(own) : early;
  if (!ImageError.is(error) || !mayFallBack(error, frame)) return own.end;
  emit({ type: 'fallback', from, to, code: error.code });
  // Nothing was paid, so the same intent goes on; two intents for one payment could be paid twice later.
  return firstOf(own, start(intent.id, rest), frame, intent);
}

const quietly =
  (emit: Emit) =>
  ({ intentId: _, picture: _picture, elapsed: _elapsed, ...event }: ImageEvent): void => {
    if (event.type !== 'settled') emit(event);
  };

export interface Wish {
  readonly intent: Intent;
  readonly picture: number;
  readonly route: Route;
}

function startLeg(frame: Frame, intent: Intent, picture: number, route: readonly RouteModel[]): Leg {
  const controller = new AbortController();
  const deadline = branch(frame.deadline, controller.signal);
  const attempts: Attempts = [];
  const end = runIntent({ ...frame, deadline, attempts }, intent, picture, route);
  // Whoever needs the failure awaits `end` itself.
  end.catch(() => undefined);
  return { intentId: intent.id, attempts, end, cancel: () => controller.abort(new Overtaken()) };
}

/** Why a leg ended without a picture; undefined when it has one. */
const failureOf = ({ end }: Leg): Promise<unknown> => end.then(() => undefined).catch((reason: unknown) => reason);

async function unlessLate(end: Promise<unknown>, { deadline }: Frame, delay: number): Promise<unknown> {
  const over = new AbortController();
  const clock = branch(deadline, over.signal);
  const alarm = clock.sleep(delay).then(() => 'late');
  // The call's own end comes through the leg.
  alarm.catch(() => undefined);
  try {
    return await Promise.race([end, alarm.catch(() => end)]);
  } finally {
    over.abort();
    clock.dispose();
  }
}

/** Milliseconds that one job in twenty takes longer than: learned, or by what the model's table says. */
function slowest({ provider, modelId, overrides }: RouteModel, { request }: Intent): number {
  const wish = wishAt(request, overrides);
  const learned = provider['~host'].experience.quantile(kindOf(provider.adapter.name, modelId, wish), 0.95);
  const { median, sigma } =
    findModel(provider.adapter, modelId, wish.images.length > 0).family.latency ?? unknownLatency;
  return learned ?? median * Math.exp(1.645 * sigma);
}

function tooDear(
  budget: Budget,
  { provider, modelId, overrides }: RouteModel,
  { request }: Intent,
): string | undefined {
  const { price } = prepareRequest(provider.adapter, modelId, wishAt(request, overrides));
  const reserved = budget.reserve(price);
  return typeof reserved === 'string' ? reserved : undefined;
}

/** The first picture that comes. The other leg is left where it is: its job may be paid, and then it is reported. */
async function firstOf(own: Leg, other: Leg, frame: Frame, intent: Intent): Promise<FinishedIntent> {
  const winner = await Promise.any([own, other].map((leg) => leg.end.then(() => leg))).catch(() => undefined);
  const loser = winner === own ? other : own;
  loser.cancel();
  const errors = [await failureOf(own), await failureOf(other)];
  if (!winner) throw errors.find((error) => !ImageError.is(error)) ?? worstOf(errors.filter(ImageError.is));
  const { run, finished } = await winner.end;
  const isDone = own.attempts.every(({ billed }) => billed === 'no');
  if (loser === own && other.intentId !== own.intentId && isDone) await fulfil(frame, intent, other.intentId);
  const attempts = [...own.attempts, ...other.attempts];
  return { run: { ...run, attempts, warnings: [...run.warnings, ...leftBehind(loser)] }, finished };
}

/** The wish came true under another id: its own record must say so, or to ask for the same id again would pay anew. */
async function fulfil({ ledger }: Frame, intent: Intent, by: string): Promise<void> {
  try {
    const { record } = await ledger.begin({ ...intent, id: by });
    const claim = await ledger.claim(intent.id, crypto.randomUUID(), leaseGrace);
    if (!claim) return;
    const delivered = { type: 'delivered', at: Date.now() } as const;
    for (const event of [...record.events, delivered]) await ledger.append(intent.id, claim.fence, event);
  } catch {
    // The picture is there, and its own record too: a ledger that fails now must not cost it.
  }
}

const leftBehind = ({ intentId, attempts }: Leg): string[] =>
  attempts
    .filter(({ billed, outcome }) => billed !== 'no' && outcome === 'aborted')
    .map(({ provider, modelId, job }) => {
      const paid = job ? `its job ${job.id} is paid` : 'it may have accepted';
      return `${provider}:${modelId} was asked as well, and ${paid}: it stays open in the ledger as intent ${intentId}`;
    });
