import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHeap, type Due } from '../../src/host/heap.ts';

interface Entry extends Due {
  readonly name: number;
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), at: fc.integer({ min: 0, max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const), at: fc.constant(0) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), at: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel many' as const), at: fc.nat(1_000) }) },
);

test('a heap gives what a sorted list gives, whatever is added, taken and cancelled', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), (steps) => {
      const heap = createHeap<Entry>();
      let list: Entry[] = [];
      const earliest = (): number => Math.min(...list.map(({ at }) => at));
      for (const [name, next] of steps.entries()) {
        if (next.do === 'add') {
          const entry = { name, at: next.at, cancelled: false };
          heap.add(entry);
          list.push(entry);
        } else if (next.do === 'pop') {
          const popped = heap.pop();
          if (list.length === 0) expect(popped).toBeUndefined();
          else expect(popped?.at).toBe(earliest());
          if (popped) expect(list).toContain(popped);
          list = list.filter((entry) => entry !== popped);
        } else {
          const count = next.do === 'cancel' ? 1 : 100;
          const gone = list.slice(next.at % (list.length || 1)).slice(0, count);
          for (const entry of gone) {
            heap.cancel(entry);
            heap.cancel(entry);
          }
          list = list.filter((entry) => !gone.includes(entry));
        }
        expect(heap.size()).toBe(list.length);
        expect(heap.peek()?.at).toBe(list.length > 0 ? earliest() : undefined);
      }
      const rest = Array.from({ length: list.length }, () => heap.pop());
      expect(rest.map((entry) => entry?.at)).toEqual(list.map(({ at }) => at).toSorted((a, b) => a - b));
      expect(new Set(rest)).toEqual(new Set(list));
      expect(heap.pop()).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('an entry is found behind ten thousand that were cancelled', () => {
  const heap = createHeap<Entry>();
  const last = { name: -1, at: Number.MAX_VALUE, cancelled: false };
  heap.add(last);
  for (let name = 0; name < 10_000; name += 1) {
    const entry = { name, at: 1e6 - name, cancelled: false };
    heap.add(entry);
    heap.cancel(entry);
    expect(heap.size()).toBe(1);
  }
  expect(heap.pop()).toBe(last);
  expect(heap.pop()).toBeUndefined();
});
