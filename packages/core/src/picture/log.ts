import { ImageError } from '../errors/image-error.ts';
import type { LedgerEvent } from '../ledger/facts.ts';
import { type AppendNow, appendAtOnce } from '../ledger/memory.ts';
import { reduce } from '../ledger/reduce.ts';
import { billedOf, type Fact } from '../ledger/state.ts';
import { elapsed, type Picture } from './picture.ts';
import { notePlace } from './places.ts';
import { guard, Interrupted, isInterrupted, toLedgerError } from './wait.ts';
import { type Durable, isDurable, readFailedAppend } from './writing.ts';

/** Writes a fact down if it must survive this process, and only then lets it count. What need not, counts at once. */
export function learn(picture: Picture, fact: Fact): Promise<void> | undefined {
  if (isDurable(fact) && !picture.replayed) return write(picture, fact);
  count(picture, fact);
  return undefined;
}

function write(picture: Picture, fact: Durable): Promise<void> | undefined {
  const append = picture.unwritten ? undefined : appendAtOnce(picture.frame.ledger);
  return append ? writeAtOnce(picture, fact, append) : writeInTime(picture, fact);
}

/** The same as `writeInTime`, with nothing to wait for. */
function writeAtOnce(picture: Picture, fact: Durable, append: AppendNow): Promise<void> | undefined {
  const { intent, fence, length } = picture;
  const entry = toEvent(fact);
  let counts: Fact = fact;
  try {
    append(intent.id, fence, entry, length);
    if (isInterrupted(picture)) throw new Interrupted();
    if (length !== undefined) picture.length = length + 1;
  } catch (error) {
    try {
      counts = unwritten(picture, fact, entry, Promise.resolve(), toLedgerError(error));
    } catch (problem) {
      return Promise.reject(problem);
    }
  }
  count(picture, counts);
  return undefined;
}

function count(picture: Picture, fact: Fact): void {
  picture.state = reduce(picture.state, fact);
  if (fact.type === 'accepted') notePlace(fact.job);
  tell(picture, fact);
}

/** Not the fact itself need count in the end: a job that somebody else owns is no answer to our send. */
async function writeInTime(picture: Picture, fact: Durable): Promise<void> {
  const { length } = picture;
  const entry = toEvent(fact);
  const appended = append(picture, entry);
  let counts: Fact = fact;
  try {
    // Whose job it is must be known before its picture is handed over: a reply may be lost that said it is taken.
    const again = (error: unknown) => (isRefusal(error) ? Promise.reject(error) : append(picture, entry));
    await guard(picture, fact.type === 'accepted' ? appended.catch(again) : appended);
    if (length !== undefined) picture.length = length + 1;
  } catch (error) {
    counts = unwritten(picture, fact, entry, appended, toLedgerError(error));
  }
  count(picture, counts);
}

/** What counts of a fact although its write failed. Throws where nothing does. */
function unwritten(picture: Picture, fact: Durable, entry: LedgerEvent, appended: Promise<void>, error: unknown): Fact {
  picture.length = undefined;
  const isInterrupted = error instanceof Interrupted;
  const reason = isInterrupted ? 'interrupted' : ImageError.is(error) ? error.reason : undefined;
  const { counts, lost } = readFailedAppend(fact, reason, error);
  if (lost) picture.lost = true;
  if (counts === fact && entry.type === 'accepted') picture.unwritten = entry;
  if (counts && (isInterrupted || ImageError.is(error))) return counts;
  if (fact.type === 'sending') picture.undoing = undo(picture, appended, fact.send ?? '');
  throw error;
}

/** A promise in any case, whatever a ledger of the caller's own throws or returns. */
function append(picture: Picture, entry: LedgerEvent): Promise<void> {
  const { frame, intent, fence, length } = picture;
  if (picture.unwritten) return appendBoth(picture, picture.unwritten, entry);
  try {
    return Promise.resolve(frame.ledger.append(intent.id, fence, entry, length));
  } catch (error) {
    return Promise.reject(error);
  }
}

async function appendBoth(picture: Picture, first: LedgerEvent, entry: LedgerEvent): Promise<void> {
  const { frame, intent, fence, length } = picture;
  await frame.ledger.append(intent.id, fence, first);
  picture.unwritten = undefined;
  return frame.ledger.append(intent.id, fence, entry, length);
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

/** Gives the intent back. Need not be awaited: the lease runs out by itself. */
export const release = ({ frame, intent, owner }: Picture): Promise<unknown> =>
  frame.ledger.claim(intent.id, owner, 0).catch(() => undefined);

/** That nothing was spent stays true until the caller has heard it, which is in this turn of the event loop. */
export const releaseOnceTold = (picture: Picture): void => void setTimeout(() => release(picture));
