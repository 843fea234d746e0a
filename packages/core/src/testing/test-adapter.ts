import type { Adapter, AnswerContext, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import type { Family } from '../contract/family.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { Cost } from '../contract/result.ts';
import { checkField } from '../request/fields.ts';
import { parseRequest } from '../request/options.ts';
import { prepareRequest } from '../request/resolve.ts';
import { type PictureOptions, parsePicture } from '../request/verb-options.ts';
import { listing, refunding } from './adapter-list.ts';
import { reading, translation } from './adapter-messages.ts';
import { quoting } from './adapter-quote.ts';
import { assertEqual, assertIncludes, assertTrue, isRelative } from './assert.ts';

/** Recorded facts of a host: what a neutral request becomes, and what real answers mean. */
export interface AdapterFixtures {
  readonly requests: readonly {
    readonly model: string;
    /** Of `generateImage`, or of the verb that `task` names. */
    readonly options: PictureOptions;
    readonly expected: HttpRequest;
  }[];
  /** At least one that is completed with a picture, one failed, one under way and one refusal without a job. */
  readonly answers: readonly {
    readonly name: string;
    readonly body: unknown;
    /** Where the body came from, for a host whose answers do not say everything by themselves. */
    readonly context?: AnswerContext;
    readonly expected: Partial<JobSnapshot>;
  }[];
  /** What is asked next, for a host that keeps status and result apart. */
  readonly polls?: readonly {
    readonly jobId: string;
    readonly last?: JobSnapshot;
    readonly expected: HttpRequest;
  }[];
  /** Pages of the list, where the host has one: what `isSame` says of each entry and the first recorded request. */
  readonly pages?: readonly {
    readonly name: string;
    readonly body: unknown;
    readonly same: readonly (boolean | undefined)[];
    /** Where the next page begins. */
    readonly next?: string;
  }[];
  /** Answers about refunds, where the host reports them elsewhere than in the job. */
  readonly refunds?: readonly {
    readonly name: string;
    readonly jobId: string;
    readonly body: unknown;
    readonly expected: NonNullable<JobSnapshot['refund']>;
  }[];
  /** Answers about prices, where the host quotes them. */
  readonly quotes?: readonly {
    readonly name: string;
    readonly body: unknown;
    readonly expected: Cost | undefined;
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
    ...polling(adapter, fixtures),
    ...tables(adapter),
    ...translation(adapter, fixtures),
    ...reading(adapter, fixtures),
    ...listing(adapter, fixtures),
    ...refunding(adapter, fixtures),
    ...quoting(adapter, fixtures),
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
  ];
}

function polling(adapter: Adapter, fixtures: AdapterFixtures): Check[] {
  const { answers, polls = [] } = fixtures;
  const lasts = (): (JobSnapshot | undefined)[] => [
    undefined,
    ...answers.map(({ body, context }) => adapter.parse(body, context)),
  ];
  return [
    {
      name: 'carries the key in headers only',
      run: () => {
        assertIncludes(Object.values(adapter.authorize(key)).join(), key);
        const requests = JSON.stringify(everyRequest(adapter, fixtures, lasts()));
        assertTrue(!requests.includes(key), 'the key is in a request');
      },
    },
    {
      name: 'gives harmless headers only',
      run: () => {
        const taken = Object.keys({ ...adapter.authorize(key), [adapter.idempotency?.header ?? '']: '' });
        const owned = new Set([...engineHeaders, ...taken.map((name) => name.toLowerCase())]);
        for (const { headers = {} } of everyRequest(adapter, fixtures, lasts())) {
          for (const [name, value] of Object.entries(headers)) {
            assertTrue(/^[\w-]+$/.test(name) && !owned.has(name.toLowerCase()), `the header "${name}"`);
            assertTrue(/^[\x20-\x7e]*$/.test(value), `the value of "${name}"`);
          }
        }
      },
    },
    {
      name: 'keeps strange job ids inside one path segment',
      run: () => {
        assertEqual(adapter.probe.method, 'GET', 'a probe is free');
        for (const last of lasts()) {
          const plain = adapter.toPoll('id', last);
          assertEqual(plain.method, 'GET', 'a poll is free');
          for (const id of ['a/b', '../x', 'a?b=c', 'a#b', 'a b']) {
            const { path } = adapter.toPoll(id, last);
            assertEqual(path.split('/').length, plain.path.split('/').length);
            assertTrue(!/[?# ]/.test(path) && isRelative(path), path);
          }
        }
      },
    },
    ...polls.map(({ jobId, last, expected }, index) => ({
      name: `writes poll ${index + 1} as recorded`,
      run: () => assertEqual(adapter.toPoll(jobId, last), expected),
    })),
  ];
}

/** The engine writes these, or the runtime does. */
const engineHeaders = ['authorization', 'cookie', 'host', 'content-type', 'content-length', 'connection', 'user-agent'];

function everyRequest(
  adapter: Adapter,
  { requests }: AdapterFixtures,
  lasts: readonly (JobSnapshot | undefined)[],
): HttpRequest[] {
  const { probe, toPoll, list, refunds, quote } = adapter;
  const listed = list ? [list.toRequest({ since: 0, limit: 100 })] : [];
  const refunded = refunds ? [refunds.toRequest('1')] : [];
  const polls = lasts.map((last) => toPoll('1', last));
  const toQuote = ({ model, options }: AdapterFixtures['requests'][number], ask: NonNullable<Adapter['quote']>) =>
    ask.toRequest(prepareRequest(adapter, model, parsePicture(options)).native);
  const quoted = quote ? requests.map((each) => toQuote(each, quote)) : [];
  return [probe, ...polls, ...listed, ...refunded, ...quoted, ...requests.map(({ expected }) => expected)];
}

function tables(adapter: Adapter): Check[] {
  const rows = adapter.families.flatMap((family) => family.models.map((row) => ({ family, row })));
  return [
    {
      name: 'lists every native id once for what it does',
      run: () => {
        const names = rows.map(({ family: { task = 'generate' }, row }) => `${task} ${row.native}`);
        assertEqual(new Set(names).size, rows.length);
      },
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
          const request = { ...least(family, adapter.name), providerOptions: { [adapter.name]: { no_such_field: 1 } } };
          assertThrowsCode(() => prepareRequest(adapter, row.native, request), 'invalid_request');
        }
      },
    },
  ];
}

/** The least that a family takes. */
function least({ accepts, task = 'generate' }: Family, provider: string): ImageRequest {
  const url = 'https://example.com/a.png';
  const isWordless = task !== 'generate' || accepts.prompt === 'none';
  return {
    ...parseRequest({
      prompt: isWordless ? '' : 'x',
      images: Array.from({ length: accepts.images?.min ?? 0 }, () => url),
    }),
    ...(accepts.mask === 'required' ? { mask: url } : {}),
    ...(task === 'generate' ? {} : { task }),
    ...(task === 'vary' ? { vary: { action: 'variation', job: { provider, modelId: 'x', id: '1' } } } : {}),
  };
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
