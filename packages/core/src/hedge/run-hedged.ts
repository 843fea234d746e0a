import { ImageError, worstOf } from '../errors/image-error.ts';
import { hostAt } from '../host/host.ts';
import type { RouteModel } from '../host/provider.ts';
import type { Intent, RouteEntry } from '../ledger/facts.ts';
import { move } from '../ledger/move.ts';
import { hedgeId } from '../ledger/rules.ts';
import type { Budget } from '../picture/budget.ts';
import { leaseGrace } from '../picture/enter.ts';
import { createEmit, type Emit } from '../picture/events.ts';
import { unknownLatency } from '../picture/pace.ts';
import { type Frame, nameOf } from '../picture/picture.ts';
import type { Finished, Start } from '../picture/run.ts';
import { guard, within } from '../picture/wait.ts';
import { findModel } from '../request/find-model.ts';
import { prepareRequest } from '../request/resolve.ts';
import { toEntry } from '../request/route-entries.ts';
import { requestAt } from '../request/target.ts';
import { bucketOf } from '../schedule/schedule.ts';
import {
  attemptsOf,
  type Branch,
  complete,
  endOf,
  failureOf,
  isForeign,
  isPaid,
  leftBehind,
  startBranch,
} from './branch.ts';

/** A hedge of one call, with what is left of its money. */
export interface Plan {
  readonly start: Start;
  readonly after: 'p95' | number;
  readonly budget: Budget;
}

/** One picture of a call. */
export interface One {
  readonly frame: Frame;
  readonly intent: Intent;
  readonly index: number;
  readonly route: readonly RouteModel[];
}

/** Milliseconds for which the last writes may hold up a call whose time is over. */
const lastWrites = 500;

/** Takes one picture along its route as any call does, and asks one more model when that takes too long. */
export async function runHedged(plan: Plan, one: One): Promise<Finished> {
  const { frame, intent, index, route } = one;
  const { start } = plan;
  // What was begun before is finished, not hedged: its job may be done, and another would be paid for nothing. A ledger
  // that fails is reported as for any call.
  const begun = await within(hostOf(route), frame.signal, frame.end, frame.ledger.begin(intent));
  if (!begun?.created) return start(frame, intent, index, route);
  const emit = createEmit(
    frame.onEvent,
    { intentId: intent.id, picture: index },
    () => performance.now() - frame.start,
  );
  let other: Branch | undefined;
  const arrived = async (): Promise<void> => other?.cancel();
  const own = startBranch({ start, frame, intent, index, route, emit, arrived });
  const next = await nextModel(plan, one, own, emit).catch(() => undefined);
  if (!next) return own.end.finally(() => own.tellEnd(emit));
  // From here on the first branch falls back no more: it is one model, whose turn has come.
  own.picture.route = own.picture.route.slice(0, own.picture.asking + 1);
  // Another call for the same id must not take the first branch for all there is.
  own.picture.isKept = true;
  other = startHedge(start, one, own, next, emit);
  try {
    const [finished, winner] = await firstOf(own, other, one);
    winner.tellEnd(emit);
    return finished;
  } catch (error) {
    const failed = complete(error, [own, other], intent.id);
    emit(endOf(failed, [own, other]));
    throw failed;
  }
}

function hostOf(route: readonly RouteModel[]) {
  const [first] = route;
  if (!first) throw new TypeError('a route has at least one model');
  return hostAt(first.provider);
}

function startHedge(start: Start, one: One, own: Branch, model: RouteModel, emit: Emit): Branch {
  const { frame, intent, index } = one;
  const entry: RouteEntry = toEntry(model);
  const hedge = { ...intent, id: hedgeId(intent.id), route: [entry] };
  const arrived = async (): Promise<void> => {
    own.cancel();
    await becomeOwn(own, other, one);
  };
  const other: Branch = startBranch({ start, frame, intent: hedge, index, route: [model], emit, arrived });
  return other;
}

/** Where only the hedge was paid, it goes on under the call's own id, before anything is delivered. */
async function becomeOwn(own: Branch, other: Branch, { frame, intent }: One): Promise<void> {
  const { picture } = other;
  const { owner } = own.picture;
  const fence = await guard(picture, moveOnce(own, other, frame)).catch(() => undefined);
  if (fence !== undefined) Object.assign(picture, { intent, owner, fence, length: undefined });
}

const moves = new WeakMap<Branch, Promise<number | undefined>>();

function moveOnce(own: Branch, other: Branch, frame: Frame): Promise<number | undefined> {
  const known = moves.get(other);
  if (known) return known;
  const moving = (async () => {
    await failureOf(own);
    await own.picture.undoing;
    if (isPaid(own) || !isPaid(other)) return undefined;
    const from = { id: other.picture.intent.id, owner: other.picture.owner };
    const to = { id: own.picture.intent.id, owner: own.picture.owner };
    return move(frame.ledger, from, to, Math.max(0, frame.end - performance.now()) + leaseGrace);
  })();
  moves.set(other, moving);
  return moving;
}

/** The first picture that comes, and the branch that brought it. */
async function firstOf(own: Branch, other: Branch, one: One): Promise<[Finished, Branch]> {
  const { frame, route } = one;
  const branches = [own, other];
  const winner = await Promise.any(branches.map((branch) => branch.end.then(() => branch))).catch(() => undefined);
  for (const branch of branches) if (branch !== winner) branch.cancel();
  const errors = await Promise.all(branches.map(failureOf));
  // It stands under the hedge's id, and stays open there, if this is not in time.
  const end = Math.max(frame.end, performance.now() + lastWrites);
  await within(hostOf(route), undefined, end, moveOnce(own, other, frame));
  frame.ledger.claim(own.picture.intent.id, own.picture.owner, 0).catch(() => undefined);
  if (!winner) throw errors.find(isForeign) ?? worstOf(errors.filter(ImageError.is));
  const finished = await winner.end;
  const { picture } = finished;
  const warnings = [...picture.warnings, ...branches.filter((each) => each !== winner).flatMap(leftBehind)];
  return [{ ...finished, picture: { ...picture, attempts: attemptsOf(branches), warnings } }, winner];
}

/** Waits as long as the first model may take. Then the model after it, if there is one and the money for it. */
async function nextModel({ after, budget }: Plan, { frame, intent, route }: One, own: Branch, emit: Emit) {
  const delay = after === 'p95' ? slowest(route[0], intent) : after;
  const ended = failureOf(own).then(() => true);
  const isOver = await within(hostOf(route), frame.signal, frame.start + delay, ended);
  if (isOver || frame.signal?.aborted || performance.now() >= frame.end) return undefined;
  const { asking } = own.picture;
  const [from, model] = [route[asking], route[asking + 1]];
  if (!from || !model) return undefined;
  const reservation = reserve(budget, model, intent);
  if (typeof reservation !== 'string') {
    emit({ type: 'hedging', from: nameOf(from), to: nameOf(model), after: Math.round(delay) });
    return model;
  }
  emit({ type: 'warning', message: `${nameOf(model)} was not asked as well: ${reservation}` });
  return undefined;
}

/** Milliseconds that one job in twenty takes longer than: learned, or by what the model's table says. */
function slowest(model: RouteModel | undefined, { request }: Intent): number {
  if (!model) return Infinity;
  const { provider, modelId, overrides } = model;
  const asked = requestAt(request, overrides);
  const learned = hostAt(provider).stats.quantile(bucketOf(provider.adapter.name, modelId, asked), 0.95);
  if (learned !== undefined) return learned;
  const hint = orWords(() => findModel(provider.adapter, modelId, asked).family.latency);
  const { median, sigma } = typeof hint === 'object' ? hint : unknownLatency;
  return median * Math.exp(1.645 * sigma);
}

/** Sets the price aside, for good: every hedge of a call begins in the same moment. Or says why the model is not asked. */
function reserve(budget: Budget, { provider, modelId, overrides }: RouteModel, { request }: Intent) {
  const price = orWords(() => prepareRequest(provider.adapter, modelId, requestAt(request, overrides)).price);
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
