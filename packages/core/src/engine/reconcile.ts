import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import { ask, readSnapshot } from './look.ts';
import { leastTime } from './repeat.ts';
import type { Submission } from './run.ts';

interface Found {
  /** The one job that is surely ours. */
  readonly snapshot?: JobSnapshot;
  /** What could be ours when nothing is sure. */
  readonly candidates: readonly Job[];
}

/** Milliseconds after the doubt arose. A list can lag behind the jobs, so absence is never proved, only made likely. */
const moments = [1_000, 3_000, 8_000, 20_000, 45_000];
/** The host's clock and ours may differ. */
const clockSkew = 300_000;
/** A job made this much before our send, by the host's own clock, is not ours. */
const slack = 2_000;

/** Looks for the job of a submit whose answer was lost: first by an id that was half read, then in the host's list. */
export async function reconcile(submission: Submission): Promise<Found> {
  const { run, host, state } = submission;
  const salvaged = await confirmSalvaged(submission);
  if (salvaged) return { snapshot: salvaged, candidates: [] };
  if (!host.adapter.list) return { candidates: [] };
  let candidates: readonly Job[] = [];
  let waited = 0;
  // Where the caller rather goes on than waits, the next model must still have time.
  const reserve = run.policy.onAmbiguous === 'proceed' && submission.hasNext ? leastTime + 250 : 250;
  for (const moment of moments) {
    const delay = moment - waited;
    if (delay >= run.deadline.remaining() - reserve) break;
    run.emit({ type: 'reconciling', provider: host.adapter.name, delay });
    await run.deadline.sleep(delay);
    waited = moment;
    const late = await confirmSalvaged(submission);
    if (late) return { snapshot: late, candidates: [] };
    const told = await confirmTold(submission);
    if (told) return { snapshot: told, candidates: [] };
    const alike = await findAlike(submission);
    const [only] = alike;
    if (only && alike.length === 1) return { snapshot: only, candidates: [] };
    candidates = alike.map(({ id = '' }) => ({ provider: host.adapter.name, modelId: submission.model.modelId, id }));
  }
  state.doubt = true;
  return { candidates };
}

const confirmSalvaged = (submission: Submission): Promise<JobSnapshot | undefined> =>
  confirm(submission, submission.state.salvaged);

/** A webhook may have told of a job with our words before anybody knew its id. */
async function confirmTold(submission: Submission): Promise<JobSnapshot | undefined> {
  const { host, run, request } = submission;
  if (host.underWay.has(JSON.stringify(request.body))) return undefined;
  const told = run.webhooks?.recent(host.adapter.name) ?? [];
  const alike = told
    .filter(({ id = '' }) => !host.claimed.has(id))
    .filter((each) => host.adapter.list?.isSame(each, request));
  return alike.length === 1 ? confirm(submission, alike[0]?.id) : undefined;
}

async function confirm(submission: Submission, id: string | undefined): Promise<JobSnapshot | undefined> {
  if (id === undefined) return undefined;
  const { adapter } = submission.host;
  const snapshot = readSnapshot(adapter, await ask(submission, adapter.toPoll(id)));
  return snapshot?.id === id ? snapshot : undefined;
}

/** Listed jobs that were asked for in exactly our words, not before us, and that nobody else has. */
async function findAlike(submission: Submission): Promise<readonly JobSnapshot[]> {
  const { host, prepared, request, since } = submission;
  const { list } = host.adapter;
  if (!list) return [];
  const query = { model: prepared.native.model, since: since - clockSkew, limit: 100 };
  const exchange = await ask(submission, list.toRequest(query));
  submission.run.deadline.signal.throwIfAborted();
  if (exchange.bodyState !== 'json' || host.underWay.has(JSON.stringify(request.body))) return [];
  const skew = exchange.date === undefined ? 0 : exchange.date - Date.now();
  const earliest = since + skew - slack;
  return list.parse(exchange.body).filter((listed) => {
    if (listed.id === undefined || host.claimed.has(listed.id) || !list.isSame(listed, request)) return false;
    return listed.createdAt === undefined || !(Date.parse(listed.createdAt) < earliest);
  });
}
