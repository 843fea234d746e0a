import type { Adapter, JobSnapshot } from '../contract/adapter.ts';
import type { Job } from '../contract/job.ts';
import { effectiveStatus } from '../errors/classify.ts';
import type { Host } from '../host/host.ts';
import { redactionOf } from '../host/redaction.ts';
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
import { mayBeThere } from './places.ts';
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

/** Jobs that may be the lost one, and how each came to be known. */
interface Found {
  /** The host's list for this account has them. */
  readonly listed: readonly JobSnapshot[];
  /** Only webhooks have reported them: they may be of an account at another address. */
  readonly reported: readonly JobSnapshot[];
}

interface Compared {
  readonly alike: JobSnapshot[];
  readonly unclear: JobSnapshot[];
  /** Ids that this account was not shown, neither by the list nor by a poll. */
  readonly unseen: Set<string>;
}

async function searchList(context: Search): Promise<Fact[] | undefined> {
  const { picture, host } = context;
  const { list } = host.adapter;
  if (!list) return undefined;
  const open = openSends(picture.state, host.adapter.name, host.origin());
  const { plain } = open;
  const before = plain ? await readRivals(picture, plain) : [];
  const found = await readList(context, list, oldestSend(open, before));
  const { alike, unclear, unseen } = await compare(context, list, found, open.all);
  const isSeen = ({ id = '' }: JobSnapshot): boolean => !unseen.has(id);
  const free = await withoutOwners(picture, host, alike);
  // A mark is proof whatever the clocks say.
  const marked = takeByMark(open, free, list.isSame);
  if (marked) return adopt(marked);
  const offset = host.clockOffset();
  const recent = recentJobs(free, open, before, offset);
  const mayCount = plain && host.exclusive && offset !== undefined && recent.every(isSeen);
  // Read after the list, so that a send which began meanwhile is counted.
  const counted = mayCount && takeByCount(plain, recent, await readRivals(picture, plain), list.isSame);
  const { provider, modelId } = { provider: host.adapter.name, modelId: modelOf(picture).modelId };
  const submittedAt = picture.intent.createdAt;
  const placeOf = (job: JobSnapshot): Pick<Job, 'origin'> => (isSeen(job) ? { origin: host.origin() } : {});
  const perhaps = recentJobs(unclear, open, before, offset);
  picture.candidates = [...recent, ...perhaps].map((job) => ({
    ...{ provider, modelId, id: job.id ?? '', submittedAt },
    ...placeOf(job),
  }));
  return counted ? adopt(counted) : undefined;
}

/** Pages until they are older than the send; the host's clock judges, where its answers show it. */
async function readList(context: Search, list: List, oldest: number): Promise<Found> {
  const { picture, host, signal } = context;
  const sinceNow = (): number => oldest + (host.clockOffset() ?? -longestSkew) - clockMargin;
  const since = sinceNow();
  const { native } = picture.asked?.prepared ?? {};
  const found: JobSnapshot[] = [];
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
  const listed = byId(found);
  const reported = [...byId(readReports(picture, host)).values()].filter(({ id = '' }) => !listed.has(id));
  return { listed: [...listed.values()], reported };
}

const byId = (jobs: readonly JobSnapshot[]): Map<string, JobSnapshot> =>
  new Map(jobs.flatMap((each) => (each.id === undefined ? [] : [[each.id, each] as const])));

/** What webhooks say of jobs that are not known to be at another address: a hub serves all accounts of a host. */
function readReports({ frame }: Picture, host: Host): readonly JobSnapshot[] {
  const provider = host.adapter.name;
  const reports = frame.webhooks?.recent(provider) ?? [];
  const here = reports.filter(({ id = '' }) => mayBeThere({ provider, id }, host.origin()));
  // A webhook may quote the key like any answer.
  return redactionOf(host.key()).value(here) as readonly JobSnapshot[];
}

/**
 * Jobs in the words of an open send. Where the list does not show the words, each job is polled for them; where only a webhook
 * reported it, to see whether it is here.
 */
async function compare(
  { host, picture, signal }: Search,
  list: List,
  { listed, reported }: Found,
  open: readonly SendState[],
): Promise<Compared> {
  const verdict = (each: JobSnapshot): boolean | undefined => isAlike(each, open, list.isSame);
  const alike = listed.filter((each) => verdict(each) === true);
  const unclear: JobSnapshot[] = [];
  const unseen = new Set(reported.map(({ id = '' }) => id));
  const possible = reported.filter((each) => verdict(each) !== false);
  const silent = [...listed.filter((each) => verdict(each) === undefined), ...possible];
  for (const each of nearestFirst(silent, open, host.clockOffset()).slice(0, mostPolled)) {
    const { id = '' } = each;
    // Where the job of another intent is, that intent knows.
    if (unseen.has(id) && (await isOwned(picture, host, id))) continue;
    const { snapshot } = await pollOne(host, id, picture, signal);
    if (snapshot?.id === id) unseen.delete(id);
    const full = snapshot?.id === each.id ? { ...each, ...snapshot } : each;
    if (verdict(full) === true) alike.push(full);
    else if (verdict(full) === undefined) unclear.push(full);
  }
  return { alike, unclear, unseen };
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
