import * as v from 'valibot';
import { invalid } from '../errors/invalid.ts';
import { cellCount } from '../schedule/cells.ts';
import { type History, settle } from './history.ts';

const amounts = v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(0))), v.maxLength(cellCount));
const schema = v.object({
  version: v.literal(1),
  buckets: v.record(v.string(), v.object({ ended: amounts, passed: amounts })),
});

/** What a learned schedule knows, as JSON. */
export type LearnedMemory = v.InferOutput<typeof schema>;

export function toMemory(histories: Iterable<readonly [string, History]>): LearnedMemory {
  const buckets: LearnedMemory['buckets'] = {};
  for (const [bucket, history] of histories) {
    settle(history);
    buckets[bucket] = { ended: shorten(history.ended), passed: shorten(history.passed) };
  }
  return { version: 1, buckets };
}

export function fromMemory(memory: unknown): [string, History][] {
  const result = v.safeParse(schema, memory);
  if (!result.success) {
    const [issue] = result.issues;
    const path = v.getDotPath(issue);
    throw invalid(
      `\`memory\` is not what toJSON() of a learned schedule returned: ${path ?? 'it'} must be ${issue.expected}`,
    );
  }
  return Object.entries(result.output.buckets).map(([bucket, { ended, passed }]) => [
    bucket,
    { ended: restore(ended), passed: restore(passed), weight: 1 },
  ]);
}

/** In six digits, which then hold here as well, and without the empty cells at the end. */
function shorten(cells: Float64Array): number[] {
  const amounts = Array.from(cells, (amount) => Number(amount.toPrecision(6)));
  cells.set(amounts);
  return amounts.slice(0, amounts.findLastIndex((amount) => amount > 0) + 1);
}

function restore(amounts: readonly number[]): Float64Array {
  const cells = new Float64Array(cellCount);
  cells.set(amounts);
  return cells;
}
