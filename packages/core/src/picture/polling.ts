import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import type { Ticket } from '../host/scheduler.ts';
import type { Fact, OwnedJob } from '../ledger/state.ts';
import { learn } from './log.ts';
import type { Step } from './next.ts';
import { delayBefore, observe } from './pace.ts';
import { poll } from './perform.ts';
import { hostOf, type Picture, remaining, type Waiting } from './picture.ts';
import { isInterrupted } from './wait.ts';

/** Goes on with the picture, or ends it when something broke that no policy knows. */
interface Then {
  goOn(broken?: { readonly error: unknown }): void;
}

/** Comes back after the next poll, at once when a webhook tells of the job, or when the picture is interrupted. */
export function waitForPoll(picture: Picture, { job, after }: Extract<Step, { do: 'poll' }>, then: Then): void {
  new PollWait(picture, job, after, then).begin();
}

/** One wait for a poll. All that is kept for a job that waits: the ticket that its scheduler holds, and no more. */
class PollWait implements Ticket, Waiting {
  readonly at: number;
  cancelled = false;
  readonly #picture: Picture;
  readonly #owned: OwnedJob;
  readonly #after: number | undefined;
  readonly #then: Then;
  #unlisten: (() => void) | undefined;
  #leaveBulk: (() => void) | undefined;

  constructor(picture: Picture, owned: OwnedJob, after: number | undefined, then: Then) {
    this.at = Math.ceil(performance.now() + Math.min(after ?? delayBefore(picture), remaining(picture)));
    this.#picture = picture;
    this.#owned = owned;
    this.#after = after;
    this.#then = then;
  }

  get lane() {
    return 'poll' as const;
  }

  begin(): void {
    const picture = this.#picture;
    const owned = this.#owned;
    const { scheduler, bulkPoll } = hostOf(picture);
    const isPlain = this.#after === undefined && owned.failures === 0 && picture.state.misses === 0;
    picture.waiting = this;
    this.#leaveBulk = isPlain ? bulkPoll?.add(owned.job, this.at, (snapshot) => this.#found(snapshot)) : undefined;
    if (!this.#leaveBulk) scheduler.enqueue(this);
    if (picture.waiting !== this) return;
    // A failure counts when it lasts: no report makes the second look come sooner.
    if (owned.failures === 0) this.#unlisten = listen(picture, owned.job, this);
    // Others that were given a slot meanwhile may have ended it.
    if (isInterrupted(picture)) this.wake();
  }

  /** The scheduler has a slot for it. */
  run(leave: () => void): void {
    this.#stop();
    void pollNow(this.#picture, this.#owned.job.id, leave, this.#then);
  }

  wake(): void {
    this.#stop();
    if (this.#leaveBulk) this.#leaveBulk();
    else hostOf(this.#picture).scheduler.cancel(this);
    if (isInterrupted(this.#picture)) this.#then.goOn();
    else pollAtOnce(this.#picture, this.#owned, this.#then);
  }

  #found(snapshot: JobSnapshot | undefined): void {
    this.#stop();
    if (snapshot) void hear(this.#picture, this.#owned, snapshot, this.#then);
    else pollAtOnce(this.#picture, this.#owned, this.#then);
  }

  #stop(): void {
    this.#unlisten?.();
    this.#picture.waiting = undefined;
  }
}

/** Who cannot be told by a webhook polls. */
function listen({ frame }: Picture, { provider, id }: Job, wait: Waiting): (() => void) | undefined {
  try {
    return frame.webhooks?.listen(provider, id, () => wait.wake());
  } catch {
    return undefined;
  }
}

const pollAtOnce = (picture: Picture, job: OwnedJob, then: Then): void =>
  waitForPoll(picture, { do: 'poll', job, after: 0 }, then);

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
  const answer = facts.find((fact) => fact.type === 'answered');
  const snapshot = answer?.snapshot;
  if (snapshot) {
    observe(picture, snapshot);
    picture.polls += 1;
  }
  for (const fact of facts) {
    const written = learn(picture, fact);
    if (written) await written;
  }
}
