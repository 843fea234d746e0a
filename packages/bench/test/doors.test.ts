import { beforeAll, expect, test } from 'vitest';
import { toDoorTable } from '../src/doors/page.ts';
import { type DoorCell, findDoorDefects, runDoors } from '../src/doors/run.ts';
import { situations } from '../src/doors/situation.ts';

// What clients and doors do, and a fault of each phase; `npm run bench:faults -- --doors` plays the whole table.
const ids = ['door-timeout', 'in-turn', 'at-once', 'poll-503', 'empty'];
let cells: readonly DoorCell[] = [];

beforeAll(async () => {
  cells = await runDoors(
    24,
    situations.filter(({ id }) => ids.includes(id)),
  );
}, 240_000);

test('no door pays more often than was meant, at either host', () => {
  expect(cells.length).toBe(ids.length * 4 * 2 * 2);
  expect(findDoorDefects(cells)).toEqual([]);
});

// How often depends on what the machine is busy with; that it happens does not.
test.each(['openai', 'openai, edit', 'ai + openai-compatible', 'ai + own provider'])(
  'without, %s pays again for a job that came back empty',
  (caller) => {
    const found = cells.filter(
      (each) => each.situation === 'empty' && each.caller === caller && each.way === 'without',
    );
    expect(found.map(({ paid }) => paid > 1)).toEqual([true, true]);
  },
);

test('the table shows every client in both ways', () => {
  const { head, rows } = toDoorTable(cells);
  expect(head).toHaveLength(2 + 8);
  expect(rows).toHaveLength(ids.length);
  expect(rows.flat()).not.toContain('–');
});
