import type { Io } from '../io.ts';
import { note, print, printJson } from '../terminal/write.ts';
import { refusal } from '../usage.ts';
import { type ComparedList, compareLists, exitOf, type ListFlags, printLists, toJson } from './check-lists.ts';
import { findClone } from './clone.ts';
import { isSame } from './differences.ts';
import { runScript } from './run-script.ts';

export interface UpdateFlags extends ListFlags {
  /** Write a list that has lost more than a tenth of its models, too. */
  readonly force?: boolean | undefined;
}

/** What is made of the recorded lists, in this order; each is run by the clone's own code. */
const generators = ['packages/emulator/catalogue/generate.ts', 'docs/generate.ts'];

/** Reads a new copy of the list from stdin, with its date, and writes what is recorded and the tables of the adapter. */
const scriptOf = (provider: string): string => `packages/${provider}/catalogue/update.ts`;

/**
 * `imageport models --update`: the lists of the hosts into the source code of the clone. Nothing is written unless every host that
 * was asked has answered with a whole list.
 */
export async function updateLists({ force = false, ...flags }: UpdateFlags, io: Io): Promise<number> {
  const root = await findClone(io.cwd);
  const lists = await compareLists(flags, io);
  if (!flags.json) printLists(io, lists);
  const failed = exitOf(lists) > 1;
  if (!failed && !force) refuseCut(lists);
  const said = failed ? [] : await write(root, lists, { force, io });
  if (flags.json) printJson(io, { hosts: lists.map(toJson), written: !failed, notes: said });
  else for (const line of failed ? ['Nothing was written.'] : [...said, ...steps(lists)]) print(io, line);
  return failed ? exitOf(lists) : 0;
}

function refuseCut(lists: readonly ComparedList[]): void {
  const [cut] = lists.filter(({ found }) => found?.cut);
  if (!cut) return;
  throw refusal(
    'invalid_response',
    `the list of ${cut.provider} lacks more than a tenth of its models, so nothing was written: ask again later, or give --force if they are gone indeed`,
  );
}

async function write(
  root: string,
  lists: readonly ComparedList[],
  { force, io }: { readonly force: boolean; readonly io: Io },
): Promise<string[]> {
  const args = [new Date().toISOString().slice(0, 10), ...(force ? ['--force'] : [])];
  const said: string[] = [];
  for (const list of lists) {
    if (!('body' in list)) continue;
    const input = JSON.stringify(list.body);
    said.push(...(await runScript({ root, path: scriptOf(list.provider), args, input }, io)));
  }
  for (const path of generators) {
    note(io, `running ${path}`);
    await runScript({ root, path }, io);
  }
  return said;
}

const steps = (lists: readonly ComparedList[]): string[] => {
  const asked = lists.filter(({ found }) => found);
  if (asked.every(({ found }) => found && isSame(found))) return ['Nothing has changed, so every date is as it was.'];
  return review(lists);
};

const review = (lists: readonly ComparedList[]): string[] => [
  `Written: ${lists.flatMap((list) => ('body' in list ? [`packages/${list.provider}`] : [])).join(', ')}, and what is made of it. Now:`,
  '  git diff         review it, model by model: these are the words of the hosts',
  '  npm test         the tests of every field and bound run for new models, too',
];
