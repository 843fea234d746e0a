import type { LedgerEvent } from '../ledger/facts.ts';
import { ledgerError } from './disk.ts';
import { format, type LedgerLine } from './ledger-line.ts';

const events: Record<LedgerEvent['type'], true> = {
  ...{ sending: true, accepted: true, rejected: true, unsent: true, searched: true, unknown: true },
  ...{ polled: true, settled: true, delivered: true, resolved: true },
};

const kinds = ['format', 'intent', 'event', 'claim', 'closed', 'owner', 'blob', 'rewritten'];

/** Refuses what a newer version wrote: to leave it out would be to forget money. */
export function checkLine(path: string, line: LedgerLine): void {
  if ('format' in line && line.format !== undefined && line.format > format) {
    throw foreign(path, `has format ${line.format}, and this version of imageport reads up to format ${format}`);
  }
  if ('event' in line) checkEvents(path, [line.event]);
  if (kinds.some((kind) => Object.hasOwn(line, kind))) return;
  const members = Object.keys(line).filter((name) => name !== 'seq');
  throw foreign(path, `holds a line of "${members.join(', ')}", which this version of imageport does not know`);
}

export function checkEvents(path: string, found: readonly LedgerEvent[]): void {
  for (const { type } of found) {
    if (Object.hasOwn(events, type)) continue;
    throw foreign(path, `holds the event "${type}", which this version of imageport does not know`);
  }
}

const foreign = (path: string, problem: string): Error =>
  ledgerError(path, `${problem}. Use the version that wrote it, or a newer one; nothing was written`);
