import { ImageError } from '../errors/image-error.ts';
import type { Intent, LedgerEvent, LedgerRecord } from '../ledger/facts.ts';
import { isSameEntry, requestKey } from '../ledger/fingerprint.ts';
import { move } from '../ledger/move.ts';
import { foldRecord, reduce } from '../ledger/reduce.ts';
import { hedgeId } from '../ledger/rules.ts';
import { billedOf, type Fact, phaseOf, type Sending } from '../ledger/state.ts';
import { requestAt } from '../request/target.ts';
import { findEntry } from './entry.ts';
import { elapsed, type Picture, remaining } from './picture.ts';
import { prepareAgain } from './prepare.ts';
import { guard, Interrupted, pause } from './wait.ts';
import { type Durable, isDurable, readFailedAppend, takenUp } from './writing.ts';

/** Milliseconds by which a lease outlives the call, so that a slow last write still holds it. */
export const leaseGrace = 10_000;
const joinGap = 100;

/** Writes the intent down and takes hold of it. A second call for it waits here. */
export async function enter(picture: Picture): Promise<void> {
  const { frame, intent, owner } = picture;
  const lease = (): number => {
    const duration = remaining(picture) + leaseGrace;
    picture.leaseEnd = performance.now() + duration;
    return duration;
  };
  const begun = await ask(picture, () => frame.ledger.begin(intent, { owner, duration: lease() }));
  if (!begun.created && !isSameRequest(begun.record.intent, intent)) throw conflict(intent.id);
  let { fence, record } = begun;
  // While somebody else holds it, what it costs is theirs to say.
  picture.lost = fence === undefined;
  if (picture.lost) picture.state = foldRecord(record);
  while (fence === undefined) {
    await pause(picture, joinGap);
    const claim = await ask(picture, () => frame.ledger.claim(intent.id, owner, lease()));
    if (claim) ({ fence, record } = claim);
  }
  picture.fence = fence;
  picture.lost = mayBeHedged(picture, record) && (await isOpenIntent(picture, hedgeId(intent.id)));
  if (picture.lost) record = await takeUpHedge(picture, record, lease);
  picture.lost = false;
  takeUp(picture, record);
}

const mayBeHedged = ({ refunds }: Picture, record: LedgerRecord): boolean =>
  !refunds && record.intent.route.length > 1 && phaseOf(foldRecord(record)) === 'closed';

/** Closed without cost, but a crash may have left its hedge behind, and that may be paid: then it goes on as its own. */
async function takeUpHedge(picture: Picture, record: LedgerRecord, lease: () => number): Promise<LedgerRecord> {
  const { frame, intent, owner } = picture;
  const { ledger } = frame;
  const [from, to] = [
    { id: hedgeId(intent.id), owner },
    { id: intent.id, owner },
  ];
  // Another call may still be waiting for it.
  let claim = await ask(picture, () => ledger.claim(from.id, owner, lease()));
  while (!claim) {
    await pause(picture, joinGap);
    claim = await ask(picture, () => ledger.claim(from.id, owner, lease()));
  }
  const { fence } = claim;
  const state = foldRecord(claim.record);
  if (billedOf(state) !== 'no' && !state.done) await ask(picture, () => move(ledger, from, to, lease()));
  else await ask(picture, () => ledger.append(from.id, fence, { type: 'delivered', at: Date.now() }));
  const own = await ask(picture, () => ledger.claim(to.id, owner, lease()));
  return own?.record ?? record;
}

const isOpenIntent = (picture: Picture, id: string): Promise<boolean> =>
  ask(picture, async () => {
    for await (const { intent } of picture.frame.ledger.open()) if (intent.id === id) return true;
    return false;
  });

/** Goes on where the record ends. A run begins to search and repeat afresh; a step goes `on` where the last one ended. */
export function takeUp(picture: Picture, record: LedgerRecord, how: 'afresh' | 'go on' = 'afresh'): void {
  const { state, replayed, sending } = takenUp(record, picture.refunds);
  picture.length = record.events.length;
  picture.since = record.events.at(-1)?.at ?? 0;
  picture.replayed = replayed;
  const job = state.jobs.at(-1)?.job;
  const model = sending ? findEntry(picture, sending, record) : 0;
  picture.state = how === 'afresh' ? reduce(state, { type: 'resumed', model }) : { ...state, model };
  if (sending) restore(picture, model, sending);
  if (job) picture.accepted = elapsed(picture);
}

/** As it was sent, whatever this call says of the same model. */
function restore(picture: Picture, index: number, { target, request: sent, seed }: Sending): void {
  const { overrides } = target;
  picture.route = picture.route.map((each, at) => {
    const { overrides: _, ...model } = each;
    return at === index ? { ...model, ...(overrides ? { overrides } : {}) } : each;
  });
  const model = picture.route[index];
  if (!model) return;
  const request = requestAt(picture.intent.request, overrides);
  const asked = seed === undefined ? request : { ...request, seed };
  picture.asked = { request, prepared: prepareAgain(model.provider.adapter, model.modelId, asked, sent) };
}

/** The same picture: the same request, and at a model that both know the same differences. */
export function isSameRequest(before: Intent, now: Intent): boolean {
  if (requestKey(before.request) !== requestKey(now.request)) return false;
  return now.route.every((entry) => {
    const alike = before.route.filter((each) => each.provider === entry.provider && each.modelId === entry.modelId);
    return alike.length === 0 || alike.some((each) => isSameEntry(each, entry));
  });
}

export const conflict = (intentId: string): ImageError =>
  new ImageError({
    code: 'invalid_request',
    reason: 'intent_conflict',
    message: `\`intentId\` "${intentId}" already stands for another request; give each request its own id`,
    billed: 'no',
    stage: 'prepare',
    intentId,
  });

/** Writes a fact down if it must survive this process, and only then lets it count. What need not, counts at once. */
export function learn(picture: Picture, fact: Fact): Promise<void> | undefined {
  if (isDurable(fact)) return write(picture, fact).then((counts) => count(picture, counts));
  count(picture, fact);
  return undefined;
}

function count(picture: Picture, fact: Fact): void {
  picture.state = reduce(picture.state, fact);
  tell(picture, fact);
}

/** Returns the fact that counts: a job that somebody else owns is no answer to our send. */
async function write(picture: Picture, fact: Durable): Promise<Fact> {
  const { frame, intent, fence, length } = picture;
  if (picture.replayed) return fact;
  const entry = toEvent(fact);
  let appended: Promise<void> | undefined;
  try {
    const append = (): Promise<void> => frame.ledger.append(intent.id, fence, entry, length);
    appended = append();
    // Whose job it is must be known before its picture is handed over: a reply may be lost that said it is taken.
    if (fact.type === 'accepted')
      appended = Promise.resolve(appended).catch((error) => (isRefusal(error) ? Promise.reject(error) : append()));
    await guard(picture, appended);
    if (length !== undefined) picture.length = length + 1;
    return fact;
  } catch (caught) {
    picture.length = undefined;
    const error = toLedgerError(caught);
    const isInterrupted = error instanceof Interrupted;
    const reason = isInterrupted ? 'interrupted' : ImageError.is(error) ? error.reason : undefined;
    const { counts, lost } = readFailedAppend(fact, reason, error);
    if (lost) picture.lost = true;
    if (counts && (isInterrupted || ImageError.is(error))) return counts;
    if (fact.type === 'sending' && appended) picture.undoing = undo(picture, appended, fact.send ?? '');
    throw error;
  }
}

/** The ledger said what it knows, and asking again changes nothing. */
const isRefusal = (error: unknown): boolean => ImageError.is(error) && error.reason !== 'ledger_unavailable';

/** What a reader of the ledger needs not know is left out. */
function toEvent(fact: Durable): LedgerEvent {
  if (!('ending' in fact)) return fact as LedgerEvent;
  const { ending: _, ...event } = fact;
  return event;
}

/** Nothing was sent after all: the truth about that follows the write, whenever it ends, and the intent is free again. */
async function undo(picture: Picture, appended: Promise<void>, send: string): Promise<void> {
  const { frame, intent, fence, state } = picture;
  const at = Date.now();
  try {
    // Whether it stands there or not, `unsent` adds nothing false: it is refused if the send is unknown.
    await appended.catch(() => undefined);
    await frame.ledger.append(intent.id, fence, { type: 'unsent', at, send });
    if (billedOf(state) === 'no') await frame.ledger.append(intent.id, fence, { type: 'delivered', at });
  } catch {
    // The ledger is out of order: the intent stays open, and whoever resumes it searches first.
  }
  release(picture);
}

/** A ledger that fails or hangs is an error of its own: before anything was sent, nothing is sent. */
async function ask<T>(picture: Picture, work: () => Promise<T>): Promise<T> {
  try {
    return await guard(picture, work());
  } catch (error) {
    throw toLedgerError(error);
  }
}

function toLedgerError(error: unknown): unknown {
  if (ImageError.is(error) || error instanceof Interrupted) return error;
  return new ImageError({
    code: 'unavailable',
    reason: 'ledger_unavailable',
    message: 'The ledger could not write, so nothing was sent. Make its place writable, or give another `ledger`.',
    billed: 'no',
    stage: 'ledger',
    cause: error,
  });
}

function tell(picture: Picture, fact: Fact): void {
  if (fact.type === 'accepted') {
    picture.accepted = elapsed(picture);
    picture.emit({ type: 'accepted', job: fact.job });
  }
  if (fact.type !== 'answered' || !fact.snapshot || picture.polls === 0) return;
  const job = picture.state.jobs.find((each) => each.job.id === fact.jobId)?.job;
  const { state, progress } = fact.snapshot;
  if (job) picture.emit({ type: 'progress', job, state, ...(progress === undefined ? {} : { progress }) });
}

/** Gives the intent back. Not awaited: the lease runs out by itself. */
export function release({ frame, intent, owner, fence }: Picture): void {
  if (fence >= 0) frame.ledger.claim(intent.id, owner, 0).catch(() => undefined);
}

/** That nothing was spent stays true until the caller has heard it, which is in this turn of the event loop. */
export const releaseOnceTold = (picture: Picture): void => void setTimeout(() => release(picture));
