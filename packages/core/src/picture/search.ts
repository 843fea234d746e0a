import type { Adapter, JobSnapshot } from '../contract/adapter.ts';
import { effectiveStatus } from '../errors/classify.ts';
import type { Host } from '../host/host.ts';
import { type Fact, inDoubt, type SendState } from '../ledger/state.ts';
import {
  type Adoption,
  isAlike,
  nearestFirst,
  oldestSend,
  openSends,
  readLookUp,
  readsOn,
  recentJobs,
  refusalAfterLookUp,
  rivalsOf,
  takeByCount,
  takeByMark,
} from './adoption.ts';
import { maxAnswer, readSnapshot } from './answer.ts';
import { hostOf, modelOf, type Picture } from './picture.ts';
import { toJob } from './reading.ts';

type List = NonNullable<Adapter['list']>;

/** The host's clock and ours may differ by this much, in milliseconds, besides what its answers show. */
const clockMargin = 300_000;
/** Until the host's clock is known, so far back is asked for. */
const longestSkew = 24 * 3_600_000;
const pageSize = 100;
/** Where the list does not show inputs, so many jobs are polled to see them. */
const mostPolled = 50;

interface Search {
  readonly picture: Picture;
  readonly host: Host;
  readonly signal: AbortSignal;
}

/**
 * Searches for the job of a submit whose answer was lost: by an id in an error response, then among the jobs that the
 * host lists and webhooks reported. Takes a job only with proof (docs/decisions/0018).
 */
export async function search(picture: Picture, signal: AbortSignal, list: boolean): Promise<Fact[]> {
  const context = { picture, host: hostOf(picture), signal };
  const salvaged = await lookUp(context);
  if (Array.isArray(salvaged)) return salvaged;
  if (!list) return [salvaged === 'gone' ? refusalAfterLookUp(picture.state, Date.now()) : { type: 'looked_up' }];
  const found = await searchList(context);
  return found ?? [{ type: 'searched', at: Date.now() }];
}

/** `gone`: the host answered that there is no such job. */
async function lookUp({ picture, host, signal }: Search): Promise<Fact[] | 'gone' | undefined> {
  const { state } = picture;
  const send = inDoubt(state, state.attempts).at(-1);
  const id = state.salvaged;
  if (id === undefined || !send) return undefined;
  const { snapshot, status } = await pollOne(host, id, picture, signal);
  const verdict = readLookUp({ id, send, snapshot, status, isSame: host.adapter.list?.isSame });
  if (verdict === 'unclear' || !snapshot) return verdict === 'gone' ? 'gone' : undefined;
  if (verdict === 'gone' || (await isOwned(picture, host, id))) return 'gone';
  return adopt({ send, job: snapshot, proof: 'answer' });
}

async function pollOne(host: Host, id: string, picture: Picture, signal: AbortSignal) {
  const maxBytes = maxAnswer(picture.intent.request);
  const exchange = await host.ask(host.adapter.toPoll(id), signal, { maxBytes });
  signal.throwIfAborted();
  const snapshot = readSnapshot(host.adapter, exchange, { purpose: 'poll', jobId: id });
  const status = exchange.status === undefined ? undefined : effectiveStatus(exchange.status, snapshot?.code);
  return { snapshot, status };
}

type Proven = Omit<Adoption, 'proof'> & { readonly proof: 'answer' | Adoption['proof'] };

function adopt({ send, job: snapshot, proof }: Proven): Fact[] {
  const job = toJob(send.fact, snapshot.id ?? '');
  return [
    { type: 'accepted', at: Date.now(), job, send: send.token, proof },
    { type: 'answered', jobId: job.id, snapshot },
  ];
}

async function searchList(context: Search): Promise<Fact[] | undefined> {
  const { picture, host } = context;
  const { list } = host.adapter;
  if (!list) return undefined;
  const open = openSends(picture.state, host.adapter.name, host.origin());
  const { plain } = open;
  const before = plain ? await readRivals(picture, plain) : [];
  const listed = await readList(context, list, oldestSend(open, before));
  const { alike, unclear } = await compare(context, list, listed, open.all);
  const free = await withoutOwners(picture, host, alike);
  // A mark is proof whatever the clocks say.
  const marked = takeByMark(open, free, list.isSame);
  if (marked) return adopt(marked);
  const offset = host.clockOffset();
  const recent = recentJobs(free, open, before, offset);
  const mayCount = plain && host.exclusive && offset !== undefined;
  // Read after the list, so that a send which began meanwhile is counted.
  const counted = mayCount && takeByCount(plain, recent, await readRivals(picture, plain), list.isSame);
  const { provider, modelId } = { provider: host.adapter.name, modelId: modelOf(picture).modelId };
  const [submittedAt, origin] = [picture.intent.createdAt, host.origin()];
  const perhaps = recentJobs(unclear, open, before, offset);
  picture.candidates = [...recent, ...perhaps].map(({ id = '' }) => ({ provider, modelId, id, submittedAt, origin }));
  return counted ? adopt(counted) : undefined;
}

/** Pages until they are older than the send; the host's clock judges, where its answers show it. */
async function readList(context: Search, list: List, oldest: number): Promise<JobSnapshot[]> {
  const { picture, host, signal } = context;
  const sinceNow = (): number => oldest + (host.clockOffset() ?? -longestSkew) - clockMargin;
  const since = sinceNow();
  const { native } = picture.asked?.prepared ?? {};
  // A webhook may quote the key like any answer.
  const recent = picture.frame.webhooks?.recent(host.adapter.name) ?? [];
  const found = [...(host.key().redaction.value(recent) as readonly JobSnapshot[])];
  let cursor: string | undefined;
  let page = 0;
  let last: JobSnapshot | undefined;
  do {
    const query = { since, limit: pageSize, ...(native ? { model: native.model } : {}), ...(cursor ? { cursor } : {}) };
    const exchange = await host.ask(list.toRequest(query), signal);
    signal.throwIfAborted();
    if (exchange.status !== 200 || exchange.bodyState !== 'json') break;
    const jobs = list.parse(exchange.body);
    found.push(...jobs);
    cursor = list.next?.(exchange.body);
    last = jobs.at(-1);
    page += 1;
  } while (readsOn(page, cursor, last, sinceNow()));
  return [...new Map(found.flatMap((each) => (each.id === undefined ? [] : [[each.id, each] as const]))).values()];
}

/** Listed jobs in the words of an open send. Where the list does not show the words, each job is polled for them. */
async function compare(
  { host, picture, signal }: Search,
  list: List,
  listed: readonly JobSnapshot[],
  open: readonly SendState[],
): Promise<{ readonly alike: JobSnapshot[]; readonly unclear: JobSnapshot[] }> {
  const verdict = (each: JobSnapshot): boolean | undefined => isAlike(each, open, list.isSame);
  const alike = listed.filter((each) => verdict(each) === true);
  const unclear: JobSnapshot[] = [];
  const silent = listed.filter((each) => verdict(each) === undefined);
  for (const each of nearestFirst(silent, open, host.clockOffset()).slice(0, mostPolled)) {
    const { snapshot } = await pollOne(host, each.id ?? '', picture, signal);
    const full = snapshot?.id === each.id ? { ...each, ...snapshot } : each;
    if (verdict(full) === true) alike.push(full);
    else if (verdict(full) === undefined) unclear.push(full);
  }
  return { alike, unclear };
}

async function withoutOwners(picture: Picture, host: Host, jobs: readonly JobSnapshot[]): Promise<JobSnapshot[]> {
  const free: JobSnapshot[] = [];
  for (const job of jobs) if (job.id !== undefined && !(await isOwned(picture, host, job.id))) free.push(job);
  return free;
}

const isOwned = async ({ frame }: Picture, { adapter }: Host, id: string): Promise<boolean> =>
  (await frame.ledger.find({ job: { provider: adapter.name, id } })).length > 0;

const readRivals = async ({ frame }: Picture, send: SendState): Promise<SendState[]> =>
  rivalsOf(await frame.ledger.find({ words: send.fact.words ?? '' }), send);
