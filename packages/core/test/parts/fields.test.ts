import { describe, expect, test } from 'vitest';
import type { FieldSpec } from '../../src/contract/family.ts';
import type { Json } from '../../src/contract/json.ts';
import { checkField, describeField } from '../../src/request/fields.ts';

const size: FieldSpec = { type: 'size', min: 512, max: 2048, minArea: 300_000, maxArea: 4_000_000 };
const cases: [FieldSpec, Json[], Json[]][] = [
  [{ type: 'boolean' }, [true, false], [0, 1, 'true', null, [], {}]],
  [{ type: 'integer', min: 0, max: 9 }, [0, 9, 5], [-1, 10, 1.5, '5', null, true, [5]]],
  [{ type: 'integer' }, [-1, 0, 1e9], [0.5, '1', null]],
  [{ type: 'number', min: 1, max: 10 }, [1, 2.5, 10], [0.99, 10.01, '2', null, true]],
  [{ type: 'text' }, ['', 'x'], [1, null, [], {}]],
  [{ type: 'text', pattern: /^https:/, hint: 'an https URL' }, ['https://a'], ['http://a', 'x', 1]],
  [{ type: 'text', min: 1, max: 2 }, ['a', '🗻🗻', '🗻'], ['', 'abc', '🗻🗻🗻']],
  [{ type: 'urls', pattern: /^https:/ }, [[], ['https://a']], [['http://a'], ['https://a', 'b'], [1]]],
  [{ type: 'choice', values: ['1k', '2k'] }, ['1k', '2k'], ['1K', '', 'x', 1, null, ['1k']]],
  [{ type: 'urls', max: 2 }, [[], ['a'], ['a', 'b']], [['a', 'b', 'c'], 'a', null, [1], {}]],
  [{ type: 'list', of: { type: 'integer' }, max: 2 }, [[], [1], [1, 2]], [[1, 2, 3], 'a', null, 1, {}]],
  [{ type: 'list', of: { type: 'text' } }, [[], Array(500).fill('a')], ['a', null, {}]],
  [{ type: 'object', fields: { a: { type: 'text' } } }, [{}, { a: 'x' }], [[], null, 'a', 1]],
  [size, ['512*600', '2048*1900'], ['512x600', '511*600', '2049*600', '2048*2048', '512*512', '', 'auto', 5, '0*0']],
];

describe.each(cases)('a field of %j', (spec, good, bad) => {
  test.each(good.map((value) => [value]))('takes %j', (value) => expect(checkField(spec, value)).toBeUndefined());
  test.each(bad.map((value) => [value]))('refuses %j and says what it takes', (value) => {
    expect(checkField(spec, value)).toMatch(/^must be \S.*, not /s);
  });
});

test.each<[FieldSpec, string]>([
  [{ type: 'boolean' }, 'true or false'],
  [{ type: 'integer', min: 0, max: 9 }, 'a whole number from 0 to 9'],
  [{ type: 'number' }, 'a number'],
  [{ type: 'text', hint: 'an https URL' }, 'an https URL'],
  [{ type: 'choice', values: ['a', 'b'] }, 'a or b'],
  [{ type: 'urls', max: 3 }, 'up to 3 URLs'],
  [{ type: 'list', of: { type: 'number' } }, 'a list, each a number'],
  [{ type: 'list', of: { type: 'boolean' }, max: 3 }, 'a list of up to 3, each true or false'],
  [
    { type: 'object', fields: { path: { type: 'text', hint: 'a URL' }, scale: { type: 'number', min: 0, max: 4 } } },
    'an object with path (a URL), scale (a number from 0 to 4)',
  ],
  [size, '"W*H" of 512 to 2048 pixels per side, 300000 to 4000000 pixels in all'],
])('%j is described as %s', (spec, words) => expect(describeField(spec)).toBe(words));

test.each<[FieldSpec]>([[{ type: 'integer', min: 3 }], [{ type: 'number', max: 7 }]])(
  'a limit on one side only is described without nonsense: %j',
  (spec) => {
    expect(describeField(spec)).not.toContain('undefined');
    expect(describeField(spec)).toMatch(/3|7/);
  },
);

test('a long value is not repeated in full', () => {
  expect(checkField({ type: 'boolean' }, 'x'.repeat(5000))?.length).toBeLessThan(200);
});

const loras: FieldSpec = {
  type: 'list',
  max: 2,
  of: { type: 'object', fields: { path: { type: 'text' }, scale: { type: 'number', min: 0, max: 4 } } },
};

test.each<[Json, string | undefined]>([
  [[{ path: 'a', scale: 4 }, {}], undefined],
  [[{ path: 'a' }, { scale: 5 }], 'item 2: `scale` must be a number from 0 to 4, not 5'],
  [[null], 'item 1: must be an object with path (text), scale (a number from 0 to 4), not null'],
  [[{ strength: 1 }], 'item 1: has no field "strength"; it has path, scale'],
  [[{ constructor: 1 }], 'item 1: has no field "constructor"; it has path, scale'],
  [JSON.parse('[{"__proto__":1}]'), 'item 1: has no field "__proto__"; it has path, scale'],
])('what stands inside %j is checked, and named where it is wrong', (value, problem) => {
  expect(checkField(loras, value)).toBe(problem);
});

test('a value nested ten thousand deep is refused in words', () => {
  let deep: Json = {};
  for (let level = 0; level < 10_000; level += 1) deep = { a: deep };
  expect(checkField({ type: 'boolean' }, deep)).toBe('must be true or false, not that object');
  expect(checkField({ type: 'object', fields: { a: { type: 'text' } } }, deep)).toBe(
    '`a` must be text, not that object',
  );
  expect(checkField({ type: 'boolean' }, [deep])).toBe('must be true or false, not a list of 1');
});
