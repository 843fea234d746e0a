import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Fact, OwnedJob } from '../ledger/state.ts';
import { learn } from './log.ts';
import type { Step } from './next.ts';
import { delayBefore, observe } from './pace.ts';
import { poll } from './perform.ts';
import { hostOf, type Picture, remaining } from './picture.ts';
import { isInterrupted } from './wait.ts';

/** Goes on with the picture, or ends it when something broke that no policy knows. */
interface Then {
  goOn(broken?: { readonly error: unknown }): void;
}

/** Comes back after the next poll, at once when a webhook tells of the job, or when the picture is interrupted. */
export function waitForPoll(picture: Picture, { job: owned, after }: Extract<Step, { do: 'poll' }>, then: Then): void {
  const { job } = owned;
  const { scheduler, bulkPoll } = hostOf(picture);
  const at = performance.now() + Math.min(after ?? delayBefore(picture), remaining(picture));
  const isPlain = after === undefined && owned.failures === 0 && picture.state.misses === 0;
  let unlisten: (() => void) | undefined;
  const leaveBulk = isPlain
    ? bulkPoll?.add(job, at, (snapshot) => {
        stop(picture, unlisten);
        if (snapshot) void hear(picture, owned, snapshot, then);
        else pollAtOnce(picture, owned, then);
      })
    : undefined;
  const ticket = leaveBulk
    ? undefined
    : scheduler.add('poll', at, (leave) => {
        stop(picture, unlisten);
        void pollNow(picture, owned.job.id, leave, then);
      });
  if (ticket?.cancelled) return;
  const wake = (): void => {
    stop(picture, unlisten);
    leaveBulk?.();
    if (ticket) scheduler.cancel(ticket);
    if (isInterrupted(picture)) then.goOn();
    else pollAtOnce(picture, owned, then);
  };
  picture.wake = wake;
  // A failure counts when it lasts: no report makes the second look come sooner.
  if (owned.failures === 0) unlisten = listen(picture, job, wake);
  // Others that were given a slot meanwhile may have ended it.
  if (isInterrupted(picture)) wake();
}

/** Who cannot be told by a webhook polls. */
function listen({ frame }: Picture, { provider, id }: Job, wake: () => void): (() => void) | undefined {
  try {
    return frame.webhooks?.listen(provider, id, wake);
  } catch {
    return undefined;
  }
}

const pollAtOnce = (picture: Picture, job: OwnedJob, then: Then): void =>
  waitForPoll(picture, { do: 'poll', job, after: 0 }, then);

function stop(picture: Picture, unlisten: (() => void) | undefined): void {
  unlisten?.();
  picture.wake = undefined;
}

/** What the host's list said of the job, as if it had been polled. */
async function hear(picture: Picture, { job }: OwnedJob, snapshot: JobSnapshot, then: Then): Promise<void> {
  try {
    picture.emit({ type: 'polling', job, polls: picture.polls });
    await note(picture, [{ type: 'answered', jobId: job.id, snapshot }]);
  } catch (error) {
    return then.goOn({ error });
  }
  then.goOn();
}

async function pollNow(picture: Picture, jobId: string, leave: () => void, then: Then): Promise<void> {
  try {
    const job = picture.state.jobs.find((each) => each.job.id === jobId);
    if (job && !isInterrupted(picture)) await pollOnce(picture, job);
  } catch (error) {
    leave();
    return then.goOn({ error });
  }
  leave();
  then.goOn();
}

/** Asks the host once how the job stands. */
export async function pollOnce(picture: Picture, job: OwnedJob): Promise<void> {
  const cut = new AbortController();
  picture.cut = cut;
  picture.emit({ type: 'polling', job: job.job, polls: picture.polls });
  try {
    const facts = await poll(picture, cut, job);
    picture.cut = undefined;
    if (picture.aborted) return;
    await note(picture, facts);
  } finally {
    picture.cut = undefined;
  }
}

async function note(picture: Picture, facts: readonly Fact[]): Promise<void> {
  const snapshot = facts.flatMap((fact) => (fact.type === 'answered' ? [fact.snapshot] : []))[0];
  if (snapshot) {
    observe(picture, snapshot);
    picture.polls += 1;
  }
  for (const fact of facts) await learn(picture, fact);
}
