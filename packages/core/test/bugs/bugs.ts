import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bookBugs } from './book-bugs.ts';
import type { Bug } from './bug.ts';
import { moneyBugs } from './money-bugs.ts';
import { otherBugs } from './other-bugs.ts';
import { type Plant, root } from './plant.ts';
import { ruleBugs } from './rule-bugs.ts';
import { moreRuleBugs } from './rule-bugs-2.ts';

/** Each of these breaks one promise. The quick suite must notice every one of them. */
export const bugs: readonly Bug[] = [...moneyBugs, ...otherBugs, ...ruleBugs, ...moreRuleBugs, ...bookBugs];

/** Where a bug goes. Throws if a place is not there, or not only there. */
export function plantOf({ id, edits }: Bug): Plant {
  const changes = edits.map(([file, find, replace]) => {
    const text = readFileSync(join(root, file), 'utf8');
    const start = text.indexOf(find);
    if (start < 0 || text.indexOf(find, start + 1) >= 0) throw new Error(`"${id}" fits ${file} not exactly once`);
    return { file, start, end: start + find.length, replace };
  });
  return { id, changes };
}
