/** Assertions for checks that run under any test runner. */

export function assertTrue(condition: boolean, detail: string): void {
  if (!condition) throw new Error(detail);
}

export function assertIncludes(text: string, part: string): void {
  assertTrue(text.includes(part), `"${text}" does not include "${part}"`);
}

/** Equal as JSON, whatever the order of keys. */
export function assertEqual(actual: unknown, expected: unknown, detail = ''): void {
  const [seen, wanted] = [stable(actual), stable(expected)];
  if (seen !== wanted) throw new Error(`${detail ? `${detail}: ` : ''}expected ${wanted}, got ${seen}`);
}

function stable(value: unknown): string {
  const sort = (_: string, member: unknown): unknown =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sort) ?? 'undefined';
}

/** Makes a change of the argument throw: what is pure may not make one. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freezeDeep(member);
  }
  return value;
}

/** Bodies that carry no job, from the merely odd to the hostile. */
export function nasty(): unknown[] {
  let deep: unknown = {};
  for (let level = 0; level < 10_000; level += 1) deep = { data: deep };
  return [
    ...[undefined, null, true, 0, Number.NaN, '', 'plain text', '<html><body>502</body></html>', [], [[]], {}],
    ...[{ data: null }, { data: [] }, { data: 'x' }, { id: null }, { id: 7 }, { id: {} }, { id: '' }, { jobId: [] }],
    ...[{ status: 'completed' }, { data: { status: 'completed', outputs: ['https://example.com/a.png'] } }],
    ...[{ status: 'COMPLETED', result: { images: ['https://example.com/a.png'] } }, { outputs: 'x' }],
    JSON.parse('{"__proto__":{"id":"polluted"},"constructor":{"prototype":{"id":"x"}}}'),
    deep,
  ];
}

/** A path within the host's own address. */
export const isRelative = (path: string): boolean => /^\/(?!\/)/.test(path);

/** Copies of a recorded body, each with one member replaced by something that a host should not have sent. */
export function* spoiled(body: unknown, depth = 4): Generator<unknown> {
  if (typeof body !== 'object' || body === null || depth === 0) return;
  for (const [name, member] of Object.entries(body)) {
    const replace = (value: unknown): unknown =>
      Array.isArray(body) ? body.with(Number(name), value) : { ...body, [name]: value };
    for (const value of odd) yield replace(value);
    for (const value of spoiled(member, depth - 1)) yield replace(value);
  }
}

const deepList: unknown = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`);
const odd: readonly unknown[] = [
  ...[undefined, null, true, -1, '', '%', 'x'.repeat(10_000), [], {}, [null], [{}]],
  // What cannot be turned into text: by a member of this name, and by its depth.
  ...[{ toString: 1, valueOf: 1 }, deepList],
];
