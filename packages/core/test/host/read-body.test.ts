import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BodyLimit, type BodyLimits, type BodySource, concat, streamBody } from '../../src/host/read-body.ts';

const limits = (more: Partial<BodyLimits> = {}): BodyLimits => ({
  maxBytes: 100,
  idle: 10_000,
  signal: new AbortController().signal,
  ...more,
});

interface BodyRead {
  readonly end: 'whole' | 'cut' | 'too_large' | 'stalled';
  readonly bytes: Uint8Array;
}

/** What comes of a body, and how it ended. */
async function readBody(source: BodySource, most: BodyLimits): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let end: BodyRead['end'] = 'whole';
  try {
    for await (const chunk of streamBody(source, most)) chunks.push(chunk);
  } catch (error) {
    end = error instanceof BodyLimit ? error.end : 'cut';
  }
  return {
    end,
    bytes: concat(
      chunks,
      chunks.reduce((sum, { byteLength }) => sum + byteLength, 0),
    ),
  };
}

interface Source {
  response: Response;
  cancelled: () => boolean;
}

/** A body that yields `chunks` and then does what it is told. */
function body(chunks: readonly Uint8Array[], then: 'end' | 'hang' | 'break'): Source {
  let cancelled = false;
  let next = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[next];
      next += 1;
      if (chunk) return controller.enqueue(chunk);
      if (then === 'end') return controller.close();
      if (then === 'break') return controller.error(new Error('reset'));
      return new Promise<void>(() => undefined);
    },
    cancel() {
      cancelled = true;
    },
  });
  return { response: new Response(stream), cancelled: () => cancelled };
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

describe('a body', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  test.each([[[]], [[10]], [[1, 2, 3]], [[100]], [[0, 0, 5]]])('of chunks of %j bytes is read whole', async (sizes) => {
    const read = await readBody(body(sizes.map(bytes), 'end').response, limits());
    expect(read.end).toBe('whole');
    expect(read.bytes).toEqual(bytes(sizes.reduce((sum, size) => sum + size, 0)));
  });

  test('that is not there is an empty one', async () => {
    expect(await readBody(new Response(null, { status: 204 }), limits())).toEqual({ end: 'whole', bytes: bytes(0) });
  });

  test('over the cap ends at the cap, and is let go', async () => {
    const { response, cancelled } = body([bytes(60), bytes(41), bytes(5)], 'hang');
    expect(await readBody(response, limits())).toEqual({ end: 'too_large', bytes: bytes(60) });
    expect(cancelled()).toBe(true);
  });

  test('that stalls ends by the idle limit, and is let go', async () => {
    const { response, cancelled } = body([bytes(5)], 'hang');
    const read = readBody(response, limits());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await read).toEqual({ end: 'stalled', bytes: bytes(5) });
    expect(cancelled()).toBe(true);
  });

  test('that drips in time is not stalled', async () => {
    const stream = new ReadableStream({
      async start(controller) {
        for (let drop = 0; drop < 5; drop += 1) {
          await new Promise((resolve) => setTimeout(resolve, 9000));
          controller.enqueue(bytes(1));
        }
        controller.close();
      },
    });
    const read = readBody(new Response(stream), limits());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await read).toEqual({ end: 'whole', bytes: bytes(5) });
  });

  test('that breaks keeps what came', async () => {
    expect(await readBody(body([bytes(5)], 'break').response, limits())).toEqual({ end: 'cut', bytes: bytes(5) });
  });

  test('is let go when the caller gives up in the middle', async () => {
    const caller = new AbortController();
    const { response, cancelled } = body([bytes(5)], 'hang');
    const read = readBody(response, limits({ signal: caller.signal }));
    await vi.advanceTimersByTimeAsync(1);
    caller.abort(new Error('enough'));
    expect(await read).toEqual({ end: 'cut', bytes: bytes(5) });
    expect(cancelled()).toBe(true);
  });

  test('is let go when the caller gave up before', async () => {
    const { response, cancelled } = body([bytes(5)], 'hang');
    expect(await readBody(response, limits({ signal: AbortSignal.abort() }))).toEqual({ end: 'cut', bytes: bytes(0) });
    expect(cancelled()).toBe(true);
  });

  test('that somebody else reads already is a cut one, not a crash', async () => {
    const { response } = body([bytes(5)], 'end');
    response.body?.getReader();
    expect((await readBody(response, limits())).end).toBe('cut');
  });

  test.each([[['text']], [[null]], [[{ byteLength: 5 }]]])(
    'with chunks %j that are no bytes is cut, not a crash',
    async (chunks) => {
      const stream = new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(chunk);
          controller.close();
        },
      });
      const response = { body: stream } as unknown as Response;
      expect((await readBody(response, limits())).end).toBe('cut');
    },
  );

  test('whose letting go fails does not matter', async () => {
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(bytes(101)),
      cancel: () => Promise.reject(new Error('x')),
    });
    expect((await readBody(new Response(stream), limits())).end).toBe('too_large');
  });

  test('as a stream throws what ended it', async () => {
    const read = async (source: Source): Promise<unknown> => {
      try {
        for await (const _ of streamBody(source.response, limits()));
      } catch (error) {
        return error;
      }
      return 'whole';
    };
    expect(await read(body([bytes(101)], 'end'))).toBeInstanceOf(BodyLimit);
    expect(await read(body([], 'break'))).toEqual(new Error('reset'));
    expect(await read(body([bytes(100)], 'end'))).toBe('whole');
  });

  test('that the reader leaves early is let go', async () => {
    const { response, cancelled } = body([bytes(5), bytes(5)], 'hang');
    for await (const _ of streamBody(response, limits())) break;
    expect(cancelled()).toBe(true);
  });
});

test('pieces are joined in order', () => {
  expect(concat([Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)], 3)).toEqual(Uint8Array.of(1, 2, 3));
});
