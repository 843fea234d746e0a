import type { Adapter, AnswerContext, HttpRequest, JobSnapshot } from '../contract/adapter.ts';
import { prepareRequest } from '../request/resolve.ts';
import { parsePicture } from '../request/verb-options.ts';
import { assertEqual, assertTrue, freezeDeep, isRelative, nasty, spoiled } from './assert.ts';
import type { AdapterFixtures, Check } from './test-adapter.ts';

/** What goes out: neutral requests in the host's words. */
export function translation(adapter: Adapter, { requests }: AdapterFixtures): Check[] {
  return [
    { name: 'has recorded requests', run: () => assertTrue(requests.length > 0, 'no fixture') },
    ...requests.map(({ model, options, expected }, index) => ({
      name: `writes request ${index + 1} (${model}) as recorded, every time`,
      run: () => {
        const write = (): HttpRequest => {
          const { native } = prepareRequest(adapter, model, freezeDeep(parsePicture(options)));
          return adapter.toSubmit(freezeDeep(native));
        };
        assertEqual(write(), expected);
        assertEqual(write(), expected);
        assertTrue(isRelative(expected.path), 'the path must be relative to the host');
        assertEqual(expected.method, 'POST', 'a submit is a POST');
      },
    })),
  ];
}

/** What comes in: answers of every kind, and what is none. */
export function reading(adapter: Adapter, { answers }: AdapterFixtures): Check[] {
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
    ...answers.map(({ name, body, context, expected }) => ({
      name: `reads ${name}`,
      run: () => {
        const snapshot = adapter.parse(freezeDeep(structuredClone(body)), context && freezeDeep({ ...context }));
        assertEqual(adapter.parse(structuredClone(body), context), snapshot, 'the same answer read twice');
        const seen = Object.fromEntries(
          Object.keys(expected).map((member) => [member, snapshot[member as keyof JobSnapshot]]),
        );
        assertEqual(seen, expected);
        if (!('id' in expected) && 'message' in expected) assertEqual(snapshot.id, undefined);
        if (snapshot.more) assertEqual(snapshot.state, 'processing', 'how it ended takes one more poll');
      },
    })),
    {
      name: 'reads recorded answers with any one member spoiled without throwing',
      run: () => {
        for (const { body, context } of answers) {
          for (const answer of spoiled(body)) {
            const snapshot = adapter.parse(answer, context);
            assertTrue(Array.isArray(snapshot.outputs), 'outputs must be a list');
            assertTrue(isRelative(adapter.toPoll('1', snapshot).path), 'the next poll');
          }
        }
      },
    },
    {
      name: 'reads anything without throwing, and finds no job in nonsense',
      run: () => {
        for (const context of contexts)
          for (const body of nasty()) assertNonsense(adapter.parse(body, context), context);
      },
    },
  ];
}

const contexts: readonly (AnswerContext | undefined)[] = [
  undefined,
  ...[200, 202, 404, 500].map((status) => ({ purpose: 'submit' as const, status })),
  ...[200, 404, 500].map((status) => ({ purpose: 'poll' as const, status, jobId: 'asked' })),
  { purpose: 'webhook' },
];

/** The job that was asked about may stand in a snapshot; no other may. */
function assertNonsense({ id, outputs, state }: JobSnapshot, context: AnswerContext | undefined): void {
  assertEqual(id ?? context?.jobId, context?.jobId, 'a job in nonsense');
  assertTrue(Array.isArray(outputs), 'outputs must be a list');
  assertTrue(state !== 'completed', 'nonsense is not a picture');
}
