import {
  billedOf,
  type Cost,
  foldRecord,
  ImageError,
  inDoubt,
  type Ledger,
  type LedgerEvent,
  type LedgerRecord,
  phaseOf,
  type ResumedIntent,
  resumeImages,
} from '@imageport/core';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { accountsOf, type Door, type ToolCall } from '../door.ts';
import { toAnswer } from '../made.ts';
import type { SavedPicture } from '../node/pictures.ts';
import { reportProgress } from '../progress.ts';
import { toErrorResult } from '../to-error.ts';
import { savedOf } from './kept.ts';
import { isUnfinished, saveEach } from './make.ts';
import { openRecords } from './open-jobs.ts';
import { unknownIntent } from './own.ts';

/** `resume`: goes on with what is paid, or may be, and saves its pictures. What was never sent stays unsent. */
export async function resume(door: Door, { intent_id: intentId }: { readonly intent_id: string }, call: ToolCall) {
  const records = await openRecords(door, intentId);
  if (records.length === 0) {
    const made = (await door.pictures.owns(intentId)) ? await savedOf(door, intentId) : undefined;
    if (made) return toAnswer(door, made);
    throw unknownIntent(intentId);
  }
  const paid = records.filter((record) => !isUnsent(record));
  if (paid.length === 0) throw unsent(intentId);
  return door.track(finish(door, { intentId, records: paid, call }));
}

/** Nothing of it was sent, or all of it was refused. */
function isUnsent(record: LedgerRecord): boolean {
  const state = foldRecord(record);
  return phaseOf(state) === 'new' && billedOf(state) === 'no';
}

const unsent = (intentId: string): ImageError =>
  new ImageError({
    ...{ code: 'invalid_request', billed: 'no', stage: 'prepare', intentId },
    message:
      'this request was never sent, so nothing is paid and there is nothing to fetch; call `generate_image` for it',
  });

interface Open {
  readonly intentId: string;
  readonly records: readonly LedgerRecord[];
  readonly call: ToolCall;
}

async function finish(door: Door, { intentId, records, call }: Open): Promise<CallToolResult> {
  const { ledger, wait } = door.settings;
  const saved: SavedPicture[] = [];
  const costs: Cost[] = [];
  const report = reportProgress(call.ctx);
  const resumed = await resumeImages({
    ledger: withoutNewSends(ledger, records),
    ...{ models: accountsOf(door), timeout: wait, signal: door.closing, deliver: saveEach(door, saved) },
    onEvent(event) {
      report?.(event);
      if (event.type === 'settled' && event.cost) costs.push(event.cost);
    },
  });
  const errors = resumed.flatMap(({ error }: ResumedIntent) => error ?? []);
  const cost = costs.length === 1 && records.length === 1 ? costs[0] : undefined;
  if (cost) await count(door, intentId, cost);
  const unfinished = errors.some(isUnfinished);
  const [error] = errors;
  if (error && !unfinished && saved.length === 0) return toErrorResult(error, intentId);
  return toAnswer(door, {
    intentId,
    saved: await door.pictures.list(intentId).then((all) => withSizes(all, saved)),
    cost: cost ?? { source: 'unknown' },
    warnings: errors.filter((each) => !isUnfinished(each)).map((each) => `a picture is missing: ${each.code}`),
    isUnfinished: unfinished,
  });
}

/** What was saved just now is known better than what lies in the folder. */
const withSizes = (all: readonly SavedPicture[], fresh: readonly SavedPicture[]): readonly SavedPicture[] =>
  all.map((each) => fresh.find(({ path }) => path === each.path) ?? each);

/** The budget keeps what was put aside for a call until it is known what it cost. */
async function count({ settings, scope }: Door, intentId: string, cost: Cost): Promise<void> {
  const { budget, book } = settings;
  if (!budget || cost.currency === undefined) return;
  const reservation = await book.reserve(scope, { [cost.currency]: cost.amount }, { budget, intentId });
  if (typeof reservation !== 'string') await reservation.settle(cost);
}

/**
 * A ledger of these records that takes no new send: what it does not write down is not sent. Only the repeat of a submit that may
 * have been accepted, under the same key, is let through: it cannot be paid twice.
 */
function withoutNewSends(ledger: Ledger, records: readonly LedgerRecord[]): Ledger {
  const keys = new Map(records.map((record) => [record.intent.id, keysOf(record)]));
  const isNew = (intentId: string, event: LedgerEvent): boolean =>
    event.type === 'sending' && !(event.key !== undefined && keys.get(intentId)?.includes(event.key));
  return {
    durability: ledger.durability,
    ...(ledger.shared === undefined ? {} : { shared: ledger.shared }),
    begin: (intent, lease) => ledger.begin(intent, lease),
    claim: (intentId, owner, lease) => ledger.claim(intentId, owner, lease),
    async append(intentId, fence, event, length) {
      if (isNew(intentId, event)) throw unsent(intentId);
      await ledger.append(intentId, fence, event, length);
    },
    async *open() {
      yield* records;
    },
    find: (query) => ledger.find(query),
    ...(ledger.read ? { read: ledger.read.bind(ledger) } : {}),
    ...(ledger.watch ? { watch: ledger.watch.bind(ledger) } : {}),
  };
}

const keysOf = (record: LedgerRecord): readonly string[] =>
  inDoubt(foldRecord(record)).flatMap(({ fact }) => (fact.key === undefined ? [] : [fact.key]));
