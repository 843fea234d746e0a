import { apiframeAdapter } from '@imageport/apiframe';
import type { Fault } from '@imageport/emulator';
import { wavespeedAdapter } from '@imageport/wavespeed';
import fc from 'fast-check';
import { type Adapter, createMemoryLedger, ImageError, type JobSnapshot } from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime } from '../world.ts';
import { call, type Finding } from './play.ts';

const adapters: Readonly<Record<HostName, Adapter>> = { wavespeed: wavespeedAdapter, apiframe: apiframeAdapter };

/** The words that mean something in an answer of either host: chance alone would never say them. */
const names = [
  ...[
    'id',
    'jobId',
    'status',
    'data',
    'code',
    'outputs',
    'result',
    'images',
    'error',
    'message',
    'urls',
    'get',
    'items',
  ],
  ...['jobs', 'event', 'creditCost', 'progress', 'expired', 'input', 'has_nsfw_contents', 'details', 'timings', 'url'],
  ...['created_at', 'createdAt', '__proto__', 'constructor', 'toString', 'length', 'then'],
];
const words = [
  ...[
    'created',
    'completed',
    'failed',
    'COMPLETED',
    'FAILED',
    'QUEUED',
    'processing',
    'timeout',
    'deleted',
    'job-00001',
  ],
  ...['https://cdn.example.com/a.png', 'http://x', 'data:image/png;base64,iVBORw0KGgo=', 'iVBORw0KGgoAAAA=', 'success'],
  ...['sync mode timed out, prediction id: abcdef12', 'https://x/api/v3/predictions/p-12345678/result', '..', '', ' '],
  ...['not a picture!', 'ftp://x/a.png', '//cdn/a.png', '<html>502</html>', 'Image denied', '\u0000', '\ud800'],
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(...words, null, true, false, 0, 1, -1, 200, 400, 1200, 5004, 1e308, Number.NaN, undefined),
  fc.string({ maxLength: 30 }),
  fc.double(),
);
const { likely } = fc.letrec((tie) => ({
  likely: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    fc.dictionary(fc.constantFrom(...names), tie('likely'), { maxKeys: 6 }),
    fc.array(tie('likely'), { maxLength: 4 }),
  ),
}));

const genuine: Readonly<Record<HostName, readonly unknown[]>> = {
  wavespeed: [
    {
      code: 200,
      message: 'success',
      data: {
        id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
        model: 'bytedance/seedream-v4',
        outputs: ['https://cdn.example.com/outputs/1.png'],
        urls: { get: 'https://api.wavespeed.ai/api/v3/predictions/a1b2c3d4e5f60718293a4b5c6d7e8f90/result' },
        has_nsfw_contents: [false],
        status: 'completed',
        created_at: '2026-07-01T10:00:00.000000000Z',
        error: '',
        timings: { inference: 5021 },
        executionTime: 5040,
      },
    },
    {
      code: 200,
      message: 'success',
      data: { page: 1, items: [{ id: 'a1b2c3d4e5f6', status: 'created', outputs: [] }] },
    },
    { code: 401, message: 'Unauthorized' },
    { code: 5004, message: 'sync mode timed out; query the result later, prediction id: a1b2c3d4e5f6' },
  ],
  apiframe: [
    { jobId: '0d9c1d2e-1111-4222-8333-444455556666', status: 'QUEUED' },
    {
      id: '0d9c1d2e-1111-4222-8333-444455556666',
      status: 'COMPLETED',
      model: 'seedream-4',
      progress: 100,
      result: { images: ['https://cdn.example.com/outputs/1.png'], gridUrl: 'https://cdn.example.com/grid.png' },
      error: null,
      creditCost: 4,
      createdAt: '2026-07-01T10:00:00.000Z',
      expired: false,
      input: { prompt: 'x', seedreamParams: { size: '2K' } },
    },
    { jobs: [{ id: '0d9c1d2e-1111', status: 'FAILED', error: 'content policy violation', creditCost: 0 }], total: 1 },
    { error: 'Insufficient credits', creditsRequired: 8, creditsAvailable: 1 },
    { url: 'https://cdn.example.com/uploads/1.png' },
  ],
};

/** A genuine answer with some of its members replaced, removed or doubled. */
const mutated = (host: HostName): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...genuine[host]), fc.array(fc.tuple(fc.nat(40), likely), { minLength: 1, maxLength: 4 }))
    .map(([answer, changes]) =>
      changes.reduce((body: unknown, [place, value]) => replaceAt(body, place, value), answer),
    );

/** Puts a value in the n-th place of a body, counted through all its levels. */
function replaceAt(body: unknown, place: number, value: unknown): unknown {
  let left = place;
  const walk = (node: unknown): unknown => {
    left -= 1;
    if (left === -1) return value;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, walk(member)]));
  };
  return walk(body);
}

const bodyOf = (host: HostName): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: mutated(host) },
    { weight: 3, arbitrary: likely },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.anything() },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  );

const nested = (depth: number): unknown => JSON.parse(`${'[{"data":'.repeat(depth)}1${'}]'.repeat(depth)}`);
/** Bodies that are long or deep: what is slow on them would stop everything else. */
const heavy: readonly unknown[] = [
  'a'.repeat(2_000_000),
  '<'.repeat(2_000_000),
  ' '.repeat(2_000_000),
  'sync '.repeat(400_000),
  'prediction id '.repeat(150_000),
  { error: 'sync '.repeat(400_000), data: { error: 'prediction id: '.repeat(100_000) } },
  { code: 5004, message: `${'sync timed'.repeat(200_000)}` },
  { urls: { get: '/predictions/'.repeat(150_000) }, message: ' '.repeat(2_000_000) },
  { id: 'x'.repeat(2_000_000), jobId: '.'.repeat(2_000_000) },
  {
    id: 'job-00001',
    status: 'completed',
    outputs: Array<string>(100_000).fill('http'),
    result: { images: Array<string>(100_000).fill('x') },
  },
  { data: { items: Array<object>(2_000).fill({ id: 'a' }) }, jobs: Array<object>(2_000).fill({ id: 'a' }) },
  nested(5_000),
  { data: nested(5_000), error: nested(5_000), result: nested(5_000), details: { a: nested(5_000) } },
];

/** Every text in a body, however deep. Not recursive, because bodies can be. */
function textsOf(body: unknown): string[] {
  const texts: string[] = [];
  const left: unknown[] = [body];
  const seen = new Set<object>();
  while (left.length > 0) {
    const node = left.pop();
    if (typeof node === 'string') texts.push(node);
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    left.push(...Object.values(node));
  }
  return texts;
}

const isPicture = (text: string): boolean =>
  /^https?:\/\//i.test(text) || /^(data:image\/[^,]*,)?[\w+/=\s-]+$/.test(text);

/** What is wrong with what was read from a body, in words. */
function judgeSnapshot(snapshot: JobSnapshot, texts: readonly string[]): string[] {
  const { id, state, outputs } = snapshot;
  if (!Array.isArray(outputs)) return ['the outputs are no list'];
  const told = new Set(texts);
  const values = outputs.map(({ url, base64 }) => [url, base64].filter((each) => each !== undefined));
  const states = ['queued', 'processing', 'completed', 'failed', 'unrecognised'];
  return [
    ...(id === undefined || (typeof id === 'string' && texts.some((text) => text.includes(id)))
      ? []
      : [`made up the id ${id}`]),
    ...(states.includes(state) ? [] : [`is in the state ${String(state)}`]),
    ...(values.every((own) => own.length === 1 && own.every((each) => typeof each === 'string'))
      ? []
      : ['an output is not one text']),
    ...values.flat().flatMap((each) => (told.has(each) ? [] : [`made up the output ${String(each).slice(0, 80)}`])),
    ...(state === 'completed' && outputs.length > 0 && !texts.some(isPicture)
      ? [`completed without a picture: ${values.flat().join()}`]
      : []),
    ...values
      .flat()
      .flatMap((each) => (isPicture(each) ? [] : [`took for a picture: ${JSON.stringify(each).slice(0, 80)}`])),
  ];
}

/** What a parser makes of a body. */
function read<T>(parse: (body: unknown) => T, body: unknown): { result?: T; problems: string[] } {
  try {
    return { result: parse(body), problems: [] };
  } catch (error) {
    return { problems: [`threw ${String(error).slice(0, 120)}`] };
  }
}

function judgeBody({ parse, list, upload }: Adapter, body: unknown): string[] {
  const texts = textsOf(body);
  const one = read(parse, body);
  const many = list ? read(list.parse, body) : { problems: [], result: [] };
  const uploaded = upload ? read(upload.parse, body) : { problems: [], result: undefined };
  const url = uploaded.result;
  return [
    ...one.problems,
    ...(one.result ? judgeSnapshot(one.result, texts) : []),
    ...many.problems.map((problem) => `the list ${problem}`),
    ...(many.result ?? []).flatMap((item) => judgeSnapshot(item, texts)).map((problem) => `listed: ${problem}`),
    ...uploaded.problems.map((problem) => `the upload ${problem}`),
    ...(url === undefined || texts.includes(url) ? [] : [`made up the upload ${String(url)}`]),
  ];
}

const brief = (body: unknown): string => {
  try {
    return (JSON.stringify(body) ?? String(body)).slice(0, 300);
  } catch {
    return 'what is no JSON';
  }
};

/** Anything at all, read by both adapters. */
export async function malformedBodies(count: number, seed: number): Promise<Finding> {
  const violations = new Set<string>();
  let tried = 0;
  for (const host of hosts) {
    for (const body of [...heavy, ...fc.sample(bodyOf(host), { numRuns: count, seed })]) {
      tried += 1;
      for (const problem of judgeBody(adapters[host], body)) violations.add(`${host}: ${problem} in ${brief(body)}`);
    }
  }
  return { suite: 'malformed bodies, read by the adapters', tried, violations: [...violations], seed };
}

/** An answer that is a refusal, or the host's word that a paid job failed: if it lies, nobody can know. */
function isRefusal({ state, code }: JobSnapshot): boolean {
  return state === 'failed' || (code !== undefined && code >= 300 && code < 500);
}

async function feed(host: HostName, body: unknown): Promise<string[]> {
  const fault: Fault = { host, on: 'submit', status: 200, body, accepted: true, times: 4 };
  const world = createWorld({ generationTime: { fixed: 1_000 }, faults: [fault] });
  return inVirtualTime(async () => {
    const ledger = createMemoryLedger();
    const { result, error } = await call(ledger, { model: world.model(host), prompt: 'a lighthouse', timeout: 60_000 });
    const charged = world.emulator.charges().filter(({ refunded }) => !refunded).length;
    await world.emulator.close();
    if (result) return result.images.length > 0 ? [] : ['succeeded without a picture'];
    if (!ImageError.is(error)) return [`threw ${String(error)}`];
    return error.billed === 'no' && charged > 0 ? [`says billed no (${error.code}), but ${charged} was charged`] : [];
  });
}

/** The engine with such bodies as answers to a submit that was accepted. */
export async function malformedAnswers(count: number, seed: number): Promise<Finding> {
  const violations: string[] = [];
  let tried = 0;
  for (const host of hosts) {
    const bodies = fc
      .sample(bodyOf(host), { numRuns: count * 3, seed: seed + 1 })
      .map((body) => JSON.stringify(body) ?? '')
      .filter((text) => !isRefusal(adapters[host].parse(text && JSON.parse(text))))
      .slice(0, Math.ceil(count / hosts.length));
    for (const body of bodies) {
      tried += 1;
      violations.push(...(await feed(host, body)).map((problem) => `${host}: ${problem} after ${body.slice(0, 300)}`));
    }
  }
  return { suite: 'malformed answers to a paid submit', tried, violations, seed };
}
