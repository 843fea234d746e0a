import { expect, test } from 'vitest';
import { keepFinding } from '../proof/findings.ts';
import { explore } from './explore.ts';
import { mutants } from './mutants.ts';
import { smallWorlds } from './small.ts';
import { remove, unfit } from './without.ts';

test('every state of the small worlds keeps every promise', () => {
  const walks = smallWorlds.map(([name, setting]) => ({ name, ...explore(setting) }));
  const states = walks.reduce((sum, walk) => sum + walk.states, 0);
  const transitions = walks.reduce((sum, walk) => sum + walk.transitions, 0);
  const violations = walks.flatMap(({ name, violations: each }) =>
    each.map(({ why, trace }) => `${name}: ${why}: ${trace.join(' > ')}`),
  );
  keepFinding({
    suite: 'every state of bounded worlds',
    tried: states,
    violations,
    note: `${transitions} transitions, depth ${Math.max(...walks.map(({ depth }) => depth))}`,
  });
  expect(violations).toEqual([]);
  expect(walks.filter(({ cut }) => cut)).toEqual([]);
  expect(states).toBeGreaterThan(50_000);
}, 60_000);

const telling = [
  '0 silence proves nothing',
  '1 `no` only under a valid fence',
  '3 made after the send',
  '4 an id needs proof where the answer was no success',
  '5 one poll is one failure',
  '8 ... of the first send too',
];

test.each(telling)('without "%s" the walk finds what breaks', async (rule) => {
  const mutant = mutants.find((each) => each.rule === rule);
  if (!mutant) throw new Error(`there is no rule "${rule}"`);
  const { found } = await remove(mutant, { states: 50_000 });
  expect(found?.world).toBe(mutant.world);
  expect(found?.trace.length).toBeGreaterThan(2);
});

test('every rule that is taken out is still there', () => {
  expect(mutants.length).toBeGreaterThan(40);
  expect(unfit()).toEqual([]);
});
