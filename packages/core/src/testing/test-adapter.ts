import type { Adapter, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import { checkField } from '../request/fields.ts';
import { parseRequest, type RequestOptions } from '../request/options.ts';
import { prepareRequest } from '../request/resolve.ts';
import { assertEqual, assertIncludes, assertTrue, freezeDeep, nasty } from './assert.ts';

/** Recorded facts of a host: what a neutral request becomes, and what real answers mean. */
export interface AdapterFixtures {
  readonly requests: readonly {
    readonly model: string;
    readonly options: RequestOptions;
    readonly expected: HttpRequest;
  }[];
  /** At least one that is completed with a picture, one failed, one under way and one refusal without a job. */
  readonly answers: readonly {
    readonly name: string;
    readonly body: unknown;
    readonly expected: Partial<JobSnapshot>;
  }[];
}

/** One check, for any test runner: `for (const { name, run } of testAdapter(…)) test(name, run)`. */
export interface Check {
  readonly name: string;
  readonly run: () => void;
}

/** The suite that an adapter must pass: the contract in words that can fail. */
export function testAdapter(adapter: Adapter, fixtures: AdapterFixtures): Check[] {
  return [
    ...identity(adapter),
    ...tables(adapter),
    ...translation(adapter, fixtures),
    ...reading(adapter, fixtures),
    ...listing(adapter, fixtures),
  ].map(({ name, run }) => ({ name: `${adapter.name}: ${name}`, run }));
}

const key = 'a-key-that-must-not-travel-in-the-open';

function identity(adapter: Adapter): Check[] {
  return [
    {
      name: 'has a name that fits into "provider:model"',
      run: () => assertTrue(/^[a-z][a-z0-9-]*$/.test(adapter.name), adapter.name),
    },
    {
      name: 'has an https address without a slash at its end',
      run: () => assertTrue(/^https:\/\/.*[^/]$/.test(adapter.baseUrl), adapter.baseUrl),
    },
    {
      name: 'carries the key in headers only',
      run: () => {
        assertIncludes(Object.values(adapter.authorize(key)).join(), key);
        assertTrue(!JSON.stringify([adapter.probe, adapter.toPoll('1')]).includes(key), 'the key is in a request');
      },
    },
    {
      name: 'keeps strange job ids inside one path segment',
      run: () => {
        assertEqual([adapter.toPoll('id').method, adapter.probe.method], ['GET', 'GET'], 'a look is free');
        const plain = adapter.toPoll('id').path.split('/').length;
        for (const id of ['a/b', '../x', 'a?b=c', 'a#b', 'a b']) {
          const { path } = adapter.toPoll(id);
          assertEqual(path.split('/').length, plain);
          assertTrue(!/[?# ]/.test(path) && isRelative(path), path);
        }
      },
    },
  ];
}

function tables(adapter: Adapter): Check[] {
  const rows = adapter.families.flatMap((family) => family.models.map((row) => ({ family, row })));
  return [
    {
      name: 'lists every native id once',
      run: () => assertEqual(new Set(rows.map(({ row }) => row.native)).size, rows.length),
    },
    {
      name: 'knows its own native ids',
      run: () => {
        for (const { row } of rows) assertTrue(adapter.isNativeId(row.native), row.native);
      },
    },
    {
      name: 'documents only defaults that it would take',
      run: () => {
        for (const { family, row } of rows) {
          for (const [name, spec] of Object.entries(family.fields === 'any' ? {} : family.fields)) {
            const value = 'default' in spec ? spec.default : undefined;
            if (value !== undefined) assertEqual(checkField(spec, value), undefined, `${row.native} ${name}`);
          }
        }
      },
    },
    {
      name: 'refuses a field that a model does not have',
      run: () => {
        for (const { family, row } of rows) {
          if (family.fields === 'any') continue;
          const images = Array.from({ length: family.accepts.images?.min ?? 0 }, () => 'https://example.com/a.png');
          const options = { prompt: 'x', images, providerOptions: { [adapter.name]: { no_such_field: 1 } } };
          assertThrowsCode(() => prepareRequest(adapter, row.native, parseRequest(options)), 'invalid_request');
        }
      },
    },
  ];
}

const isRelative = (path: string): boolean => /^\/(?!\/)/.test(path);

/** What reconciling relies on: never taking a stranger's job for ours. */
function listing({ list }: Adapter, { requests }: AdapterFixtures): Check[] {
  const [first] = requests;
  if (!list || !first) return [];
  const strangers = [{}, { prompt: 'another prompt altogether' }, { ...first.expected.body, prompt: 'another one' }];
  return [
    {
      name: 'asks for the list inside its own host',
      run: () => assertTrue(isRelative(list.toRequest({ model: 'a/b', since: 0, limit: 100 }).path), 'the path'),
    },
    {
      name: 'reads any list without throwing, and finds no job in nonsense',
      run: () => {
        for (const body of nasty())
          assertTrue(
            list.parse(body).every(({ id }) => id === undefined),
            'a job in nonsense',
          );
      },
    },
    {
      name: "never takes a stranger's job for its own",
      run: () => {
        for (const inputs of strangers) {
          const listed: JobSnapshot = { id: 'stranger', state: 'processing', outputs: [], inputs };
          assertTrue(!list.isSame(listed, first.expected), JSON.stringify(inputs));
        }
        assertTrue(!list.isSame({ id: 'stranger', state: 'processing', outputs: [] }, first.expected), 'no inputs');
      },
    },
  ];
}

function translation(adapter: Adapter, { requests }: AdapterFixtures): Check[] {
  return [
    { name: 'has recorded requests', run: () => assertTrue(requests.length > 0, 'no fixture') },
    ...requests.map(({ model, options, expected }, index) => ({
      name: `writes request ${index + 1} (${model}) as recorded, every time`,
      run: () => {
        const write = (): HttpRequest => {
          const { native } = prepareRequest(adapter, model, freezeDeep(parseRequest(options)));
          return adapter.toSubmit(freezeDeep(native));
        };
        assertEqual(write(), expected);
        assertEqual(write(), expected);
        assertTrue(isRelative(expected.path), 'the path must be relative to the host');
        assertTrue(
          adapter.toSubmit(prepareRequest(adapter, model, parseRequest(options)).native).method === 'POST',
          'a submit is a POST',
        );
      },
    })),
  ];
}

function reading(adapter: Adapter, { answers }: AdapterFixtures): Check[] {
  const covers = (name: string, fits: (expected: Partial<JobSnapshot>) => boolean): Check => ({
    name: `has a recorded answer that is ${name}`,
    run: () =>
      assertTrue(
        answers.some(({ expected }) => fits(expected)),
        'no fixture',
      ),
  });
  return [
    covers('completed with a picture', ({ state, outputs }) => state === 'completed' && !!outputs?.length),
    covers('failed', ({ state }) => state === 'failed'),
    covers('under way', ({ state }) => state === 'queued' || state === 'processing'),
    covers('a refusal', ({ id, message }) => id === undefined && message !== undefined),
    ...answers.map(({ name, body, expected }) => ({
      name: `reads ${name}`,
      run: () => {
        const snapshot = adapter.parse(freezeDeep(structuredClone(body)));
        assertEqual(adapter.parse(structuredClone(body)), snapshot, 'the same answer read twice');
        const seen = Object.fromEntries(
          Object.keys(expected).map((member) => [member, snapshot[member as keyof JobSnapshot]]),
        );
        assertEqual(seen, expected);
        if (!('id' in expected) && 'message' in expected) assertEqual(snapshot.id, undefined);
      },
    })),
    {
      name: 'reads anything without throwing, and finds no job in nonsense',
      run: () => {
        for (const body of nasty()) {
          const snapshot = adapter.parse(body);
          assertEqual(snapshot.id, undefined);
          assertTrue(Array.isArray(snapshot.outputs), 'outputs must be a list');
          assertTrue(snapshot.state !== 'completed', 'nonsense is not a picture');
        }
      },
    },
  ];
}

function assertThrowsCode(work: () => unknown, code: string): void {
  try {
    work();
  } catch (error) {
    assertEqual((error as { code?: unknown }).code, code);
    return;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}
