import { createApiframe } from '@imageport/apiframe';
import { createEmulator, type Fault } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, test } from 'vitest';
import { fetchTransport } from '../../src/host/fetch-transport.ts';
import { generateImage, type ImageEvent, type ProviderOptions, type Transport } from '../../src/index.ts';
import { inVirtualTime } from '../world.ts';

const prompt = 'a lighthouse in fog at dawn';

/** An account with options of its own, and how many requests were under way at once. */
function account(options: ProviderOptions, faults: Fault[] = []) {
  const emulator = createEmulator({ generationTime: { fixed: 5_000 }, faults });
  const inside = { now: 0, most: 0 };
  const fetch: typeof globalThis.fetch = async (input, init) => {
    inside.now += 1;
    inside.most = Math.max(inside.most, inside.now);
    try {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return await emulator.fetch(input, init);
    } finally {
      inside.now -= 1;
    }
  };
  const at = (host: 'wavespeed' | 'apiframe') => ({
    apiKey: emulator[host].apiKey,
    baseUrl: `https://${host}.example.com/${host}`,
    fetch,
  });
  const provider = createWavespeed({ ...at('wavespeed'), ...options });
  return { emulator, inside, model: provider('seedream-4'), other: createApiframe(at('apiframe'))('seedream-4') };
}

const submits = ({ emulator }: ReturnType<typeof account>, host = 'wavespeed') =>
  emulator.requests().filter((request) => request.kind === 'submit' && request.host === host);

const crowd = (count: number, work: (nth: number) => Promise<unknown>) =>
  inVirtualTime(() => Promise.all(Array.from({ length: count }, (_, nth) => work(nth).catch((error) => error))));

describe('limits', () => {
  test('keep the jobs that run at the host at once, in the order of the calls', async () => {
    const here = account({ limits: { jobs: 2 } });
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent) => events.push(event);
    await crowd(6, (nth) => generateImage({ model: here.model, prompt: `${prompt} ${nth}`, onEvent }));
    const jobs = here.emulator.jobs();
    const running = (moment: number) =>
      jobs.filter(({ createdAt }) => createdAt <= moment && moment < createdAt + 5_000).length;
    expect(jobs).toHaveLength(6);
    expect(Math.max(...jobs.map(({ createdAt }) => running(createdAt)))).toBe(2);
    expect(events.filter(({ type }) => type === 'queued').map((event) => 'ahead' in event && event.ahead)).toEqual([
      0, 1, 2, 3,
    ]);
  });

  test('count the waiting against the deadline, and nothing is sent', async () => {
    const here = account({ limits: { jobs: 1 } });
    const [first, second] = await crowd(2, (nth) =>
      generateImage({ model: here.model, prompt, timeout: nth === 0 ? 60_000 : 2_000 }),
    );
    expect(first).toHaveProperty('images');
    expect(second).toMatchObject({ code: 'timeout', billed: 'no' });
    expect(submits(here)).toHaveLength(1);
  });

  test('refuse what does not fit into the queue, and the route goes on', async () => {
    const here = account({ limits: { jobs: 1, queue: 1 } });
    const ended = (await crowd(3, (nth) =>
      generateImage({ model: nth === 2 ? [here.model, here.other] : here.model, prompt: `${nth}` }),
    )) as never[];
    expect(ended).toMatchObject([
      { attempts: [{ provider: 'wavespeed' }] },
      { attempts: [{ provider: 'wavespeed' }] },
      {
        attempts: [
          { code: 'rate_limited', billed: 'no', submits: 0 },
          { provider: 'apiframe', outcome: 'completed' },
        ],
      },
    ]);
    const alone = account({ limits: { jobs: 1, queue: 0 } });
    const [, refused] = await crowd(2, () => generateImage({ model: alone.model, prompt }));
    expect(refused).toMatchObject({ code: 'rate_limited', reason: 'queue_full', billed: 'no', retryable: true });
  });

  test('send nothing when too little time is left after the queue', async () => {
    const here = account({ limits: { jobs: 1 } });
    const [, queued] = await crowd(2, (nth) =>
      generateImage({ model: here.model, prompt: `${nth}`, timeout: nth === 0 ? 60_000 : 9_000 }),
    );
    expect(queued).toMatchObject({ code: 'timeout', billed: 'no', stage: 'prepare' });
    expect(submits(here)).toHaveLength(1);
  });

  test('let a route go on at once while the host has asked the account to wait', async () => {
    const faults = [{ host: 'wavespeed', on: 'submit', status: 429, headers: { 'retry-after': '60' } }] as const;
    const here = account({}, [...faults]);
    const call = () => generateImage({ model: [here.model, here.other], prompt });
    const ended = await inVirtualTime(async () => [await call(), await call()]);
    expect(ended.map(({ attempts }) => attempts.map(({ code, submits: count }) => [code, count]))).toEqual([
      [
        ['rate_limited', 1],
        [undefined, 1],
      ],
      [
        ['rate_limited', 0],
        [undefined, 1],
      ],
    ]);
  });

  test.each([
    [{ limits: 'bronze' }, '`limits`'],
    [{ limits: null }, '`limits`'],
    [{ limits: { job: 3 } }, '`limits.job`'],
    [{ limits: { jobs: null } }, '`limits.jobs`'],
    [{ limits: { queue: -1 } }, '`limits.queue`'],
    [{ schedule: 'fast' }, '`schedule`'],
    [{ bulkPoll: 'no' }, '`bulkPoll`'],
  ])('and the rest of %j is refused by name', (options, name) => {
    expect(() => createWavespeed(options as never)).toThrow(name);
  });

  test('are refused when they are nonsense', () => {
    expect(() => createWavespeed({ limits: { jobs: 0 } })).toThrow('`limits.jobs`');
    expect(() => createWavespeed({ requestsInFlight: 0.5 })).toThrow('`requestsInFlight`');
  });

  test('of submits per minute spread a crowd', async () => {
    const here = account({ limits: { submitsPerMinute: 3 } });
    await crowd(7, (nth) => generateImage({ model: here.model, prompt: `${nth}`, timeout: 300_000 }));
    const times = submits(here).map(({ at }) => at);
    const windows = times.map((start) => times.filter((at) => at >= start && at < start + 60_000).length);
    expect(Math.max(...windows)).toBe(3);
  });

  test('are found by refusals: after a 429 the account goes slower, and nobody is refused twice', async () => {
    const here = account({}, [
      { host: 'wavespeed', on: 'submit', status: 429, times: 3, headers: { 'retry-after': '2' } },
    ]);
    const ended = await crowd(3, (nth) => generateImage({ model: here.model, prompt: `${nth}` }));
    expect(ended.map((result) => (result as { images?: unknown[] }).images?.length)).toEqual([1, 1, 1]);
    expect(here.emulator.charges()).toHaveLength(3);
  });
});

test('at most so many requests are under way as the account allows, whatever they are for', async () => {
  const here = account({ requestsInFlight: 4 });
  await crowd(40, async (nth) => {
    const { images } = await generateImage({ model: here.model, prompt: `${nth}` });
    await images[0]?.bytes();
  });
  expect(here.inside.most).toBe(4);
  expect(here.emulator.charges()).toHaveLength(40);
});

describe('a host that is down', () => {
  test('is left alone after five failed connections, and asked again only when a free request succeeds', async () => {
    const here = account({});
    let isDown = true;
    const well = fetchTransport(here.emulator.fetch);
    const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const transport: Transport = {
      ...well,
      send: async (request) => (isDown ? { sent: 'no', bodyState: 'none', error } : well.send(request)),
    };
    const { apiKey } = here.emulator.wavespeed;
    const provider = createWavespeed({ apiKey, baseUrl: 'https://wavespeed.example.com/wavespeed', transport });
    const model = provider('seedream-4');
    const route = [model, here.other];
    await inVirtualTime(async () => {
      for (let nth = 0; nth < 7; nth += 1) {
        const { attempts } = await generateImage({ model: route, prompt: `${nth}` });
        expect(attempts[0]).toMatchObject({ code: 'unavailable', billed: 'no', submits: nth < 5 ? 1 : 0 });
      }
      const error = await generateImage({ model, prompt }).catch((thrown) => thrown);
      expect(error).toMatchObject({
        code: 'unavailable',
        reason: 'circuit_open',
        billed: 'no',
        retryAfter: expect.any(Number),
      });
      await new Promise((resolve) => setTimeout(resolve, 130_000));
      await expect(generateImage({ model, prompt })).rejects.toMatchObject({ reason: 'circuit_open' });
      isDown = false;
      await new Promise((resolve) => setTimeout(resolve, 130_000));
      expect((await generateImage({ model, prompt })).images).toHaveLength(1);
    });
    expect(here.emulator.requests().some(({ kind }) => kind === 'balance')).toBe(true);
  });

  test('is not called down by callers who were in a hurry', async () => {
    const here = account({}, [{ host: 'wavespeed', on: 'submit', delay: 3_000, times: 12 }]);
    await crowd(12, (nth) => generateImage({ model: here.model, prompt: `${nth}`, timeout: 4_000 }));
    const [patient] = await crowd(1, () => generateImage({ model: here.model, prompt }));
    expect(patient).toHaveProperty('images');
  });

  test('does not keep paid jobs from being polled', async () => {
    const here = account({}, [{ host: 'wavespeed', on: 'submit', nth: 2, status: 500, times: 20 } as Fault]);
    const [first, ...others] = await crowd(12, (nth) =>
      new Promise((resolve) => setTimeout(resolve, nth * 10)).then(() =>
        generateImage({ model: here.model, prompt: `${nth}`, timeout: 30_000 }),
      ),
    );
    expect(first).toHaveProperty('images');
    expect(others.every((error) => (error as { code: string }).code !== 'job_failed')).toBe(true);
  });
});
