import {
  type Billed,
  type Cost,
  foldRecord,
  type Job,
  type LedgerRecord,
  prepareRequest,
  type Standing,
  type Target,
} from '@imageport/core';
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
  readonly phase: Standing['phase'];
  /** The phase in words. */
  readonly state: string;
  readonly billed: Billed;
  readonly cost: Cost;
  /** Jobs of the host that could be the lost one. */
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
  readonly running: boolean;
}

export function describeRecord(record: LedgerRecord, situation: Situation): JobEntry {
  const { intent } = record;
  const standing = foldRecord(record);
  const target = targetOf(record);
  const last = record.events.findLast(({ type }) => type === 'unknown');
  return {
    intentId: intent.id,
    createdAt: intent.createdAt,
    ...target,
    ...(standing.job ? { job: standing.job } : {}),
    phase: standing.phase,
    state: stateOf(standing),
    billed: billedOf(standing),
    cost: standing.settled?.cost ?? listedPrice(record, target),
    candidates: standing.phase === 'unknown' && last?.type === 'unknown' ? last.candidates : [],
    running: situation.running,
    next: situation.running ? [] : nextOf(record, standing, situation),
  };
}

/** The model that was asked, or the one that would be asked first. */
export function targetOf(record: LedgerRecord): Target | undefined {
  const { parked, sending } = foldRecord(record);
  const stop = parked[0]?.target ?? sending?.target ?? record.intent.route[0];
  return stop && { provider: stop.provider, modelId: stop.modelId };
}

/** The host without whose key nothing can be done; undefined when one is enough that has a key. */
export function missingHost(record: LedgerRecord, usable: readonly string[]): string | undefined {
  const { phase, sending } = foldRecord(record);
  const begun = phase === 'new' ? undefined : sending?.target.provider;
  const needed = begun === undefined ? record.intent.route.map(({ provider }) => provider) : [begun];
  return needed.some((name) => usable.includes(name)) ? undefined : needed[0];
}

function stateOf({ phase, settled, parked }: Standing): string {
  if (parked.length > 0 && (phase === 'delivered' || phase === 'closed')) return leftBehind;
  if (phase !== 'settled') return states[phase];
  return settled?.outcome === 'failed' ? `failed (${settled.code})` : 'finished, its picture is not saved yet';
}

const leftBehind = 'done, but an earlier attempt may have been accepted as well';

const states = {
  new: 'never sent',
  sending: 'sent, and cut off before an answer: perhaps accepted',
  accepted: 'accepted, its picture is not saved yet',
  unknown: 'unknown: sent, and nobody knows whether it was accepted',
  settled: '',
  delivered: 'done',
  closed: 'ended without a picture',
} as const;

function billedOf({ phase, settled, parked }: Standing): Billed {
  if (phase === 'sending' || phase === 'unknown') return 'unknown';
  if (phase === 'new' || phase === 'closed') return parked.length > 0 ? 'unknown' : 'no';
  return settled?.billed ?? 'yes';
}

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

function nextOf(record: LedgerRecord, { phase, parked }: Standing, { place, usable }: Situation): string[] {
  const { flag } = place;
  const settle = `imageport jobs settle ${quote(record.intent.id)}${flag}`;
  if ((phase === 'delivered' || phase === 'closed') && parked.length === 0) return [];
  if (phase === 'delivered' || phase === 'closed') return [`${settle} --absent   when you have looked at the host`];
  const missing = missingHost(record, usable);
  const key = hosts.find(({ name }) => name === missing)?.adapter.env.apiKey;
  const first = missing === undefined ? [] : [`set ${key ?? `a key of ${missing}`} first`];
  if (phase === 'new') {
    return [...first, `imageport resume${flag}   sends and pays it`, `${settle} --absent   drops it`];
  }
  if (phase === 'accepted' || phase === 'settled')
    return [...first, `imageport resume${flag}   brings it, for nothing`];
  return [
    ...first,
    `imageport resume${flag}   looks for it once more; it never pays twice`,
    `${settle} --adopt <job>   if the host's job list has it`,
    `${settle} --absent   if it has not`,
  ];
}
