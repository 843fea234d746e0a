import type { JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import { ask, readSnapshot } from './look.ts';
import { leastTime } from './repeat.ts';
import type { Errand } from './trip.ts';

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
export async function reconcile(errand: Errand): Promise<Found> {
  const { trip, host, state } = errand;
  const salvaged = await confirmSalvaged(errand);
  if (salvaged) return { snapshot: salvaged, candidates: [] };
  if (!host.adapter.list) return { candidates: [] };
  let candidates: readonly Job[] = [];
  let waited = 0;
  // Where the caller rather goes on than waits, the next model must still have time.
  const reserve = trip.policy.onAmbiguous === 'proceed' && errand.hasNext ? leastTime + 250 : 250;
  for (const moment of moments) {
    const delay = moment - waited;
    if (delay >= trip.deadline.remaining() - reserve) break;
    trip.emit({ type: 'reconciling', provider: host.adapter.name, delay });
    await trip.deadline.sleep(delay);
    waited = moment;
    const late = await confirmSalvaged(errand);
    if (late) return { snapshot: late, candidates: [] };
    const told = await confirmTold(errand);
    if (told) return { snapshot: told, candidates: [] };
    const alike = await findAlike(errand);
    const [only] = alike;
    if (only && alike.length === 1) return { snapshot: only, candidates: [] };
    candidates = alike.map(({ id = '' }) => ({ provider: host.adapter.name, modelId: errand.model.modelId, id }));
  }
  state.doubt = true;
  return { candidates };
}

const confirmSalvaged = (errand: Errand): Promise<JobSnapshot | undefined> => confirm(errand, errand.state.salvaged);

/** A webhook may have told of a job with our words before anybody knew its id. */
async function confirmTold(errand: Errand): Promise<JobSnapshot | undefined> {
  const { host, trip, request } = errand;
  if (host.underWay.has(JSON.stringify(request.body))) return undefined;
  const told = trip.webhooks?.recent(host.adapter.name) ?? [];
  const alike = told
    .filter(({ id = '' }) => !host.claimed.has(id))
    .filter((each) => host.adapter.list?.isSame(each, request));
  return alike.length === 1 ? confirm(errand, alike[0]?.id) : undefined;
}

async function confirm(errand: Errand, id: string | undefined): Promise<JobSnapshot | undefined> {
  if (id === undefined) return undefined;
  const { adapter } = errand.host;
  const snapshot = readSnapshot(adapter, await ask(errand, adapter.toPoll(id)));
  return snapshot?.id === id ? snapshot : undefined;
}

/** Listed jobs that were asked for in exactly our words, not before us, and that nobody else has. */
async function findAlike(errand: Errand): Promise<readonly JobSnapshot[]> {
  const { host, prepared, request, since } = errand;
  const { list } = host.adapter;
  if (!list) return [];
  const query = { model: prepared.native.model, since: since - clockSkew, limit: 100 };
  const exchange = await ask(errand, list.toRequest(query));
  errand.trip.deadline.signal.throwIfAborted();
  if (exchange.bodyState !== 'json' || host.underWay.has(JSON.stringify(request.body))) return [];
  const skew = exchange.date === undefined ? 0 : exchange.date - Date.now();
  const earliest = since + skew - slack;
  return list.parse(exchange.body).filter((listed) => {
    if (listed.id === undefined || host.claimed.has(listed.id) || !list.isSame(listed, request)) return false;
    return listed.createdAt === undefined || !(Date.parse(listed.createdAt) < earliest);
  });
}
