import { conflict } from '../ledger/conflict.ts';
import type { Intent, LedgerRecord } from '../ledger/facts.ts';
import { isSameEntry, requestKey } from '../ledger/fingerprint.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Held, move } from '../ledger/move.ts';
import { foldRecord, reduce } from '../ledger/reduce.ts';
import { hedgeId } from '../ledger/rules.ts';
import { billedOf, phaseOf, type Sending } from '../ledger/state.ts';
import { requestAt } from '../request/target.ts';
import { findEntry, leaveOutElsewhere } from './entry.ts';
import { release } from './log.ts';
import { elapsed, type Picture, remaining } from './picture.ts';
import { notePlace } from './places.ts';
import { prepareAgain } from './prepare.ts';
import { guard, Interrupted, isInterrupted, pause, toLedgerError } from './wait.ts';
import { takenUp } from './writing.ts';

/** Milliseconds by which a lease outlives the call, so that a slow last write still holds it. */
export const leaseGrace = 10_000;
const joinGap = 100;

/** Writes the intent down and takes hold of it. A second call for it waits here. */
export async function enter(picture: Picture): Promise<void> {
  const { frame, intent, owner } = picture;
  const lease = (): number => {
    const duration = remaining(picture) + leaseGrace;
    picture.leaseEnd = Math.floor(performance.now()) + duration;
    return duration;
  };
  const begun = await ask(
    picture,
    () => frame.ledger.begin(intent, { owner, duration: lease() }),
    (late) => giveUp(picture, late),
  );
  if (!begun.created && !isSameRequest(begun.record.intent, intent)) throw conflict(intent.id);
  let { fence, record } = begun;
  // While somebody else holds it, what it costs is theirs to say.
  picture.lost = fence === undefined;
  if (picture.lost) picture.state = foldRecord(record);
  while (fence === undefined) {
    await pause(picture, joinGap);
    const claim = await ask(
      picture,
      () => frame.ledger.claim(intent.id, owner, lease()),
      (late) => late && release(picture),
    );
    if (claim) ({ fence, record } = claim);
  }
  picture.fence = fence;
  picture.lost = mayBeHedged(picture, record);
  if (picture.lost) record = await takeUpHedge(picture, record, lease);
  picture.lost = false;
  try {
    takeUp(picture, record);
  } catch (error) {
    if (begun.created) await drop(picture, fence);
    throw error;
  }
}

const mayBeHedged = ({ refunds }: Picture, record: LedgerRecord): boolean =>
  !refunds && record.intent.route.length > 1 && phaseOf(foldRecord(record)) === 'closed';

/** What the ledger took when the call had ended is closed, if nothing is in it, and given back. */
async function giveUp(picture: Picture, { created, fence }: Awaited<ReturnType<Ledger['begin']>>): Promise<void> {
  const { frame, intent } = picture;
  if (fence === undefined) return;
  if (created) await frame.ledger.append(intent.id, fence, { type: 'delivered', at: Date.now() });
  release(picture);
}

/** What this call alone wrote down is closed where it is refused: nobody else would expect that somebody goes on with it. */
const drop = (picture: Picture, fence: number): Promise<unknown> =>
  ask(picture, () =>
    picture.frame.ledger.append(picture.intent.id, fence, { type: 'delivered', at: Date.now() }),
  ).catch(() => undefined);

/** Closed without cost, but its hedge may stand beside it, paid and perhaps delivered: then it goes on as its own. */
async function takeUpHedge(picture: Picture, record: LedgerRecord, lease: () => number): Promise<LedgerRecord> {
  const { frame, intent, owner } = picture;
  const { ledger } = frame;
  const [from, to] = [
    { id: hedgeId(intent.id), owner },
    { id: intent.id, owner },
  ];
  let claim = await ask(picture, () => claimIfThere(ledger, from, lease()));
  // Another call may still be waiting for it.
  while (claim === null) {
    await pause(picture, joinGap);
    claim = await ask(picture, () => ledger.claim(from.id, owner, lease()));
  }
  if (!claim) return record;
  const { fence } = claim;
  const state = foldRecord(claim.record);
  if (billedOf(state) !== 'no') await ask(picture, () => move(ledger, from, to, lease()));
  else if (!state.done) await ask(picture, () => ledger.append(from.id, fence, { type: 'delivered', at: Date.now() }));
  ledger.claim(from.id, owner, 0).catch(() => undefined);
  const own = await ask(picture, () => ledger.claim(to.id, owner, lease()));
  return own?.record ?? record;
}

/** Null while somebody else has it, undefined where there is no such intent: then a ledger refuses to give it. */
async function claimIfThere(
  ledger: Ledger,
  { id, owner }: Held,
  lease: number,
): Promise<Awaited<ReturnType<Ledger['claim']>> | undefined> {
  try {
    return await ledger.claim(id, owner, lease);
  } catch {
    for await (const { intent } of ledger.open()) if (intent.id === id) return null;
    return undefined;
  }
}

/** Goes on where the record ends. A run begins to search and repeat afresh; a step goes `on` where the last one ended. */
export function takeUp(picture: Picture, record: LedgerRecord, how: 'afresh' | 'go on' = 'afresh'): void {
  const { state, replayed, sending } = takenUp(record, picture.refunds);
  picture.length = record.events.length;
  picture.since = record.events.at(-1)?.at ?? 0;
  picture.replayed = replayed;
  for (const each of state.jobs) notePlace(each.job);
  const job = state.jobs.at(-1)?.job;
  if (sending || how === 'afresh' || phaseOf(state) === 'new')
    leaveOutElsewhere(picture, record, sending !== undefined);
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

/**
 * A ledger that fails or hangs is an error of its own: before anything was sent, nothing is sent. `late` gets an answer
 * that comes when the call has ended.
 */
async function ask<T>(picture: Picture, work: () => Promise<T>, late?: (answer: T) => unknown): Promise<T> {
  if (isInterrupted(picture)) throw new Interrupted();
  const asked = work();
  try {
    return await guard(picture, asked);
  } catch (error) {
    if (late && error instanceof Interrupted) asked.then(late).catch(() => undefined);
    throw toLedgerError(error);
  }
}
