import {
  awaitsRefund,
  type Billed,
  billedOf,
  type Cost,
  currentJob,
  foldRecord,
  type IntentState,
  inDoubt,
  type Job,
  type LedgerRecord,
  type Phase,
  phaseOf,
  type Target,
} from '@imageport/core';
import { prepareRequest } from '@imageport/core/catalogue';
import { hosts } from '../hosts.ts';
import { quote } from '../words.ts';
import type { LedgerPlace } from './place.ts';

/** One intent as `imageport jobs` shows it. */
export interface JobEntry {
  readonly intentId: string;
  readonly createdAt: number;
  readonly provider?: string;
  readonly modelId?: string;
  readonly job?: Job;
  readonly phase: Phase;
  /** The phase in words. */
  readonly state: string;
  readonly billed: Billed;
  readonly cost: Cost;
  /** The host documents a refund for a failed job, and none was seen yet. */
  readonly refund?: 'pending';
  /** Jobs of the host that could be the one whose submit was not answered. */
  readonly candidates: readonly Job[];
  /** A running command has it. */
  readonly running: boolean;
  /** What to do; empty when nothing is. */
  readonly next: readonly string[];
}

export interface Situation {
  readonly place: LedgerPlace;
  /** Hosts that have a key. */
  readonly usable: readonly string[];
  /** Where each host is asked. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly running: boolean;
}

export function describeRecord(record: LedgerRecord, situation: Situation): JobEntry {
  const { intent } = record;
  const state = foldRecord(record);
  const target = targetOf(record);
  const job = currentJob(state);
  return {
    intentId: intent.id,
    createdAt: intent.createdAt,
    ...target,
    ...(job ? { job: job.job } : {}),
    phase: phaseOf(state),
    state: stateOf(state),
    billed: billedOf(state),
    cost: job?.settled?.cost ?? listedPrice(record, target),
    ...(awaitsRefund(state).length > 0 ? { refund: 'pending' as const } : {}),
    candidates: candidatesOf(record, state),
    running: situation.running,
    next: situation.running ? [] : nextOf(record, state, situation),
  };
}

const isOver = (state: IntentState): boolean => phaseOf(state) === 'delivered' || phaseOf(state) === 'closed';

/** The model that was asked, or the one that would be asked first. */
function targetOf(record: LedgerRecord): Target | undefined {
  const state = foldRecord(record);
  const [doubtful] = isOver(state) ? inDoubt(state) : [];
  const refunded = awaitsRefund(state).at(-1)?.job;
  const sent = currentJob(state)?.job ?? state.sends.at(-1)?.fact.target;
  const target = doubtful?.fact.target ?? (isOver(state) ? refunded : undefined) ?? sent ?? record.intent.route[0];
  return target && { provider: target.provider, modelId: target.modelId };
}

/** The host without whose key nothing can be done; undefined when one is enough that has a key. */
export function missingHost(record: LedgerRecord, usable: readonly string[]): string | undefined {
  const target = phaseOf(foldRecord(record)) === 'new' ? undefined : targetOf(record);
  const needed = (target ? [target] : record.intent.route).map(({ provider }) => provider);
  return needed.some((name) => usable.includes(name)) ? undefined : needed[0];
}

/** Those that the last search named, while a send is still in doubt. */
function candidatesOf({ events }: LedgerRecord, state: IntentState): readonly Job[] {
  const last = inDoubt(state).length > 0 ? events.findLast(({ type }) => type === 'unknown') : undefined;
  return last?.type === 'unknown' ? last.candidates : [];
}

function stateOf(state: IntentState): string {
  const phase = phaseOf(state);
  const settled = currentJob(state)?.settled;
  const isEarlierInDoubt = isOver(state) && inDoubt(state).length > 0;
  const failed = settled?.outcome === 'failed' ? `failed (${settled.code})` : undefined;
  const words = isEarlierInDoubt ? leftBehind : phase === 'settled' && failed ? failed : states[phase];
  const [refund] = awaitsRefund(state);
  return refund ? `${words}; job ${refund.job.id} failed, and its refund was not seen yet` : words;
}

const leftBehind = 'done, but an earlier attempt may have been accepted as well';

const states = {
  new: 'not submitted',
  sending: 'cut off while submitting: it may have been accepted',
  accepted: 'accepted, its picture is not saved yet',
  unknown: 'outcome unknown: the submit may have been accepted',
  settled: 'finished, its picture is not saved yet',
  delivered: 'done',
  closed: 'ended without a picture',
} as const satisfies Record<Phase, string>;

/** What the host's list says of the same request. */
function listedPrice({ intent }: LedgerRecord, target: Target | undefined): Cost {
  const adapter = hosts.find(({ name }) => name === target?.provider)?.adapter;
  try {
    if (adapter && target) return prepareRequest(adapter, target.modelId, intent.request).price;
  } catch {
    // A model that the adapter no longer knows, or a record that was restored from pieces.
  }
  return { source: 'unknown' };
}

/** Where what is asked about was accepted, or sent: no other address is asked about it. Undefined where nobody has noted it. */
function originOf({ intent }: LedgerRecord, state: IntentState): string | undefined {
  if (phaseOf(state) === 'new') return intent.request.vary?.job.origin;
  const job = isOver(state) ? awaitsRefund(state).at(-1)?.job : currentJob(state)?.job;
  return job ? job.origin : state.sends.at(-1)?.fact.origin;
}

/** What a resume in this place lacks: a key, or the address of the host. */
function lackOf(record: LedgerRecord, state: IntentState, { usable, addresses }: Situation): string[] {
  const missing = missingHost(record, usable);
  const env = hosts.find(({ name }) => name === missing)?.adapter.env;
  const key = missing === undefined ? [] : [`set ${env?.apiKey ?? `a key of ${missing}`} first`];
  const origin = originOf(record, state);
  const host = hosts.find(({ name }) => name === targetOf(record)?.provider);
  if (!host || origin === undefined || origin === toOrigin(addresses[host.name] ?? host.adapter.baseUrl)) return key;
  const here = `this place asks ${toOrigin(addresses[host.name] ?? host.adapter.baseUrl)}`;
  return [...key, `set ${host.adapter.env.baseUrl}=${quote(origin)} first: it was accepted there, and ${here}`];
}

/** An address as an account notes it. */
const toOrigin = (baseUrl: string): string =>
  URL.canParse(baseUrl) ? new URL(baseUrl).href.replace(/\/+$/, '') : baseUrl;

function nextOf(record: LedgerRecord, state: IntentState, situation: Situation): string[] {
  const phase = phaseOf(state);
  const { flag } = situation.place;
  const settle = `imageport jobs settle ${quote(record.intent.id)}${flag}`;
  const first = lackOf(record, state, situation);
  if (isOver(state)) {
    const doubt = inDoubt(state).length > 0 ? [`${settle} --absent   if the host's job list has no such job`] : [];
    const refund = awaitsRefund(state).length > 0 ? [...first, `imageport resume${flag}   ${checksRefund}`] : [];
    return [...refund, ...doubt];
  }
  if (phase === 'new') {
    return [...first, `imageport resume${flag}   submits and pays it`, `${settle} --absent   drops it`];
  }
  if (phase === 'accepted' || phase === 'settled') {
    const what = awaitsRefund(state).length > 0 ? checksRefund : 'fetches its picture, at no further cost';
    return [...first, `imageport resume${flag}   ${what}`];
  }
  return [
    ...first,
    `imageport resume${flag}   searches for its job again; it never pays twice`,
    `${settle} --adopt <job>   if the host's job list has it`,
    `${settle} --absent   if it has not: then asking again may submit anew`,
  ];
}

const checksRefund = 'polls the failed job for its refund, at no cost';
