import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explore, type Limits } from './explore.ts';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { loadRules, type Rules, realRules } from './rules.ts';
import { worlds } from './worlds.ts';

const sources = join(import.meta.dirname, '../../src');

/** What a walk found with one rule taken out. */
export interface Removal {
  readonly mutant: Mutant;
  /** Undefined: it survives every world. */
  readonly found: { readonly world: string; readonly why: string; readonly trace: readonly string[] } | undefined;
  readonly states: number;
}

/** Takes one rule out and walks the worlds, the likeliest first, until a promise breaks. */
export async function remove(mutant: Mutant, limits: Limits): Promise<Removal> {
  const { rules, forget } = await rulesWithout(mutant);
  let states = 0;
  try {
    // Where nothing is expected, the likeliest world alone is walked.
    const others = mutant.survives ? [] : Object.keys(worlds).filter((name) => name !== mutant.world);
    const order = [mutant.world, ...others];
    for (const world of order) {
      const setting = worlds[world];
      if (!setting) throw new Error(`there is no world "${world}"`);
      const without = mutant.without ? [mutant.without] : [];
      const walked = explore({ ...setting, without }, rules, { ...limits, first: true });
      states += walked.states;
      const [violation] = walked.violations;
      if (violation) return { mutant, found: { world, ...violation }, states };
    }
    return { mutant, found: undefined, states };
  } finally {
    forget();
  }
}

/** The rules from a copy of the sources; the sources themselves stay as they are. */
async function rulesWithout({ rule, edits }: Mutant): Promise<{ rules: Rules; forget: () => void }> {
  if (!edits) return { rules: realRules, forget: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'imageport-states-'));
  for (const part of ['contract', 'errors', 'ledger', 'picture']) {
    cpSync(join(sources, part), join(folder, part), { recursive: true });
  }
  for (const [file, find, replace] of edits) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(find)) throw new Error(`"${rule}" does not fit ${file} any more`);
    writeFileSync(path, text.replaceAll(find, replace));
  }
  return { rules: await loadRules(folder), forget: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Every rule in turn. */
export async function removeAll(part: string, limits: Limits, told: (removal: Removal) => void): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const mutant of mutants.filter(({ rule }) => rule.includes(part))) {
    const removal = await remove(mutant, limits);
    told(removal);
    removals.push(removal);
  }
  return removals;
}

/** Edits that name nothing in the sources any more. */
export const unfit = (): string[] =>
  mutants.flatMap(({ rule, edits = [] }) =>
    edits.filter(([file, find]) => !readFileSync(join(sources, file), 'utf8').includes(find)).map(() => rule),
  );
