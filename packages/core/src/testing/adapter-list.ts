import type { Adapter, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import { assertEqual, assertTrue, freezeDeep, isRelative, nasty, spoiled } from './assert.ts';
import type { AdapterFixtures, Check } from './test-adapter.ts';

/** What the search for a lost job relies on: never taking a stranger's job for ours. */
export function listing({ list }: Adapter, { requests, pages = [] }: AdapterFixtures): Check[] {
  const [first] = requests;
  if (!list || !first) return [];
  return [
    { name: 'has a recorded page of its list', run: () => assertTrue(pages.length > 0, 'no fixture') },
    {
      name: 'asks for the list inside its own host',
      run: () => {
        for (const more of [{}, { model: 'a/b' }, { cursor: 'a/b?c=d&e#f' }, { cursor: '2' }]) {
          const { path } = list.toRequest({ since: 0, limit: 100, ...more });
          assertTrue(isRelative(path) && !/[# ]/.test(path), path);
        }
      },
    },
    {
      name: 'reads any list without throwing, and finds no job in nonsense',
      run: () => {
        for (const body of nasty()) {
          const jobs = list.parse(body).filter(({ id }) => id !== undefined);
          assertEqual(jobs, [], 'a job in nonsense');
          const next = list.next?.(body);
          assertTrue(next === undefined || typeof next === 'string', 'where the next page begins');
        }
      },
    },
    {
      name: 'reads recorded pages with any one member spoiled without throwing',
      run: () => {
        for (const { body } of pages) {
          for (const page of spoiled(body, 6)) {
            for (const entry of list.parse(page)) list.isSame(entry, first.expected);
            const next = list.next?.(page);
            assertTrue(next === undefined || typeof next === 'string', 'where the next page begins');
          }
        }
      },
    },
    { name: "never takes a stranger's job for its own", run: () => assertStrangers(list, first.expected) },
    ...pages.map((page) => ({
      name: `reads ${page.name}`,
      run: () => {
        const entries = list.parse(freezeDeep(structuredClone(page.body)));
        const verdicts = entries.map((entry) => list.isSame(freezeDeep(entry), freezeDeep(first.expected)));
        assertEqual(verdicts, page.same);
        assertEqual(list.next?.(structuredClone(page.body)), page.next, 'where the next page begins');
        for (const [index, entry] of entries.entries()) {
          if (verdicts[index] && entry.inputs) assertMark(list, entry, first.expected);
        }
      },
    })),
    {
      name: 'never takes a request with another seed for the same',
      run: () => {
        for (const { expected } of requests) {
          if (expected.body) assertMark(list, toEntry(expected.body), expected);
        }
      },
    },
  ];
}

type List = NonNullable<Adapter['list']>;

const toEntry = (inputs?: JsonObject): JobSnapshot => ({
  ...{ id: 'listed', state: 'processing', outputs: [] },
  ...(inputs ? { inputs } : {}),
});

function assertStrangers(list: List, submitted: HttpRequest): void {
  const strangers = [{}, { prompt: 'another prompt altogether' }, { ...submitted.body, prompt: 'another one' }];
  for (const inputs of strangers) {
    assertTrue(!list.isSame(toEntry(inputs), submitted), JSON.stringify(inputs));
  }
  assertEqual(list.isSame(toEntry(), submitted), undefined, 'a job that shows no inputs may be ours or not');
}

/** The random seed of a send marks its job: an entry with another one is somebody else's, or of another send. */
function assertMark(list: List, entry: JobSnapshot, submitted: HttpRequest): void {
  const { inputs } = entry;
  if (!inputs || !('seed' in flatten(inputs))) return;
  const stranger = withOtherSeed(inputs) as JsonObject;
  assertTrue(!list.isSame({ ...entry, inputs: stranger }, submitted), JSON.stringify(stranger));
}

function flatten(value: Json): JsonObject {
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign({}, ...Object.values(value).map(flatten), value);
}

function withOtherSeed(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withOtherSeed);
  const members = Object.entries(value).map(([name, member]): [string, Json] => [
    name,
    name === 'seed' ? Number(member) + 1 : withOtherSeed(member),
  ]);
  return Object.fromEntries(members);
}

/** Refunds are seen or not, and never guessed. */
export function refunding({ refunds }: Adapter, { refunds: facts = [] }: AdapterFixtures): Check[] {
  if (!refunds) return [];
  return [
    {
      name: 'has a recorded refund',
      run: () =>
        assertTrue(
          facts.some(({ expected }) => expected === 'done'),
          'no fixture',
        ),
    },
    {
      name: 'asks for refunds inside its own host',
      run: () => {
        for (const id of ['id', 'a/b', '../x', 'a?b=c', 'a#b']) {
          const { path } = refunds.toRequest(id);
          assertTrue(isRelative(path) && !/[# ]/.test(path), path);
        }
      },
    },
    {
      name: 'sees no refund in nonsense',
      run: () => {
        for (const body of nasty()) assertEqual(refunds.parse(body, 'id') ?? 'unknown', 'unknown');
      },
    },
    {
      name: 'reads recorded refunds with any one member spoiled without throwing',
      run: () => {
        const known = ['done', 'pending', 'none', 'unknown', undefined];
        for (const { body, jobId } of facts) {
          for (const answer of spoiled(body, 6)) assertTrue(known.includes(refunds.parse(answer, jobId)), 'a refund');
        }
      },
    },
    ...facts.map(({ name, jobId, body, expected }) => ({
      name: `reads ${name}`,
      run: () => {
        assertEqual(refunds.parse(freezeDeep(structuredClone(body)), jobId), expected);
        assertTrue(refunds.parse(body, `another than ${jobId}`) !== 'done', "another job's refund");
      },
    })),
  ];
}
