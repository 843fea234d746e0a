import { errorTraits } from '@imageport/core';
import { noteDetours, readyAccounts } from '../accounts.ts';
import { loadConfig } from '../config.ts';
import type { Io } from '../io.ts';
import { describeError } from '../report-error.ts';
import { print, printJson, warn } from '../terminal/write.ts';
import { askLists, type HostList } from './ask-list.ts';
import { type Differences, findDifferences, isSame } from './differences.ts';
import { printDifferences } from './show-differences.ts';

export interface ListFlags {
  readonly provider?: string | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
}

/** A host's list, beside what it says other than the tables. */
export type ComparedList = HostList & { readonly found?: Differences };

/** Asks the hosts for their lists, through the accounts of the environment and the config, and compares them with the tables. */
export async function compareLists({ provider, config }: ListFlags, io: Io): Promise<ComparedList[]> {
  const accounts = readyAccounts(io, await loadConfig(config, io), { open: true });
  const lists = await askLists(io, accounts, provider);
  noteDetours(
    io,
    lists.flatMap((list) => ('without' in list ? [] : [list.provider])),
    accounts,
  );
  return lists.map((list) => ('reading' in list ? { ...list, found: findDifferences(list.reading) } : list));
}

/** `imageport models --check`: 0 where nothing differs, 1 where something does, or the code of the host that could not be asked. */
export async function checkLists(flags: ListFlags, io: Io): Promise<number> {
  const lists = await compareLists(flags, io);
  if (flags.json) printJson(io, { hosts: lists.map(toJson) });
  else printLists(io, lists);
  return exitOf(lists);
}

export function printLists(io: Io, lists: readonly ComparedList[]): void {
  for (const list of lists) {
    if (list.found) printDifferences(io, list.provider, list.found);
    else if ('without' in list) print(io, `${list.provider}: not asked: ${list.without}`);
    else if ('error' in list) for (const line of describeError(list.error)) warn(io, line);
  }
}

export function exitOf(lists: readonly ComparedList[]): number {
  const failed = lists.flatMap((list) => ('error' in list ? [errorTraits[list.error.code].exit] : []));
  return Math.max(0, ...failed, ...lists.map(({ found }) => (found && !isSame(found) ? 1 : 0)));
}

export function toJson(list: ComparedList): object {
  const { provider, found } = list;
  if (found) {
    const { added, back, cut, ...rest } = found;
    const ids = back.map(({ id }) => id);
    return { provider, asked: true, same: isSame(found), new: added, back: ids, cut: cut ?? null, ...rest };
  }
  if ('error' in list) return { provider, asked: false, error: list.error.toJSON() };
  return { provider, asked: false, reason: 'without' in list ? list.without : '' };
}
