import { readFile } from 'node:fs/promises';
import { type Intent, isOpen, type LedgerEvent, type LedgerRecord } from '@imageport/core';
import { type LedgerPlace, listFiles } from './place.ts';

/** What a ledger file says, read without its lock: to look at, not to act on. */
export interface FileContent {
  readonly path: string;
  readonly records: readonly LedgerRecord[];
  /** Every line was read. */
  readonly whole: boolean;
}

export const readPlace = async (place: LedgerPlace): Promise<FileContent[]> =>
  Promise.all((await listFiles(place)).map(readContent));

/** Nothing in this file is left to do. */
export const isDone = ({ records, whole }: FileContent): boolean => whole && !records.some(isOpen);

interface Line {
  readonly intent?: Intent;
  readonly id?: string;
  readonly event?: LedgerEvent;
}

/** A file that cannot be read is not whole, so that it is opened in earnest, and says why. */
export async function readContent(path: string): Promise<FileContent> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  const records = new Map<string, { intent: Intent; events: LedgerEvent[] }>();
  let whole = text !== undefined;
  for (const line of (text ?? '').split('\n')) {
    const parsed = parse(line);
    const { intent, id = '', event } = parsed;
    if (intent && !records.has(intent.id)) records.set(intent.id, { intent, events: [] });
    if (event) records.get(id)?.events.push(event);
    whole &&= line === '' || parsed !== nothing;
    whole &&= !event || records.has(id);
  }
  return { path, records: [...records.values()], whole };
}

const nothing: Line = {};

function parse(line: string): Line {
  try {
    return (JSON.parse(line) as Line | null) ?? nothing;
  } catch {
    return nothing;
  }
}
