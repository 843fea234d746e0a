import type { Fault } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { createMemoryLedger, type GenerateImageOptions, generateImage, type ImageEvent } from '../../src/index.ts';
import { createWorld, hosts, inVirtualTime } from '../world.ts';
import { ended, listOpen } from './kit.ts';

const reason = new Error('enough');

/** A call for three pictures, with what was delivered when. Jobs take five seconds. */
async function three(
  host: (typeof hosts)[number],
  faults: readonly Fault[],
  { abortAfter, ...options }: Partial<GenerateImageOptions> & { abortAfter?: number } = {},
) {
  const world = createWorld({ faults });
  const ledger = createMemoryLedger();
  const delivered: { readonly job: string; readonly after: number }[] = [];
  const events: ImageEvent[] = [];
  const controller = new AbortController();
  const one = await inVirtualTime(async () => {
    const start = performance.now();
    if (abortAfter !== undefined) setTimeout(() => controller.abort(reason), abortAfter);
    return ended(
      generateImage({
        ...{ model: world.model(host), prompt: 'a pier', n: 3, ledger, intentId: 'one', timeout: 60_000 },
        signal: controller.signal,
        onEvent: (event) => void events.push(event),
        deliver: (image) => void delivered.push({ job: image.job.id, after: performance.now() - start }),
        ...options,
      }),
    );
  });
  const settled = events.flatMap((event) => (event.type === 'settled' ? [event] : []));
  return { world, one, delivered, settled, open: await listOpen(ledger) };
}

const never: Fault = { on: 'submit', nth: 3, job: 'never' };

describe.each(hosts)('D13: three pictures of %s', (host) => {
  test('are delivered each as soon as it is done, not when the last one is', async () => {
    const { delivered, settled, open, one } = await three(host, [never]);
    expect(one.images).toHaveLength(2);
    expect(delivered.map(({ after }) => after < 30_000)).toEqual([true, true]);
    const completed = settled.filter(({ outcome }) => outcome === 'completed');
    expect(completed.map(({ elapsed }) => elapsed < 30_000)).toEqual([true, true]);
    expect(open).toHaveLength(1);
  });

  test('are delivered and settled although the call is aborted before the last is done', async () => {
    const { delivered, settled, open, world } = await three(host, [never], { abortAfter: 30_000 });
    const [first, second, third] = world.emulator.charges().map(({ jobId }) => jobId);
    expect(delivered.map(({ job }) => job).sort()).toEqual([first, second].sort());
    expect(settled.map(({ outcome }) => outcome).sort()).toEqual(['aborted', 'completed', 'completed']);
    expect(settled.find(({ outcome }) => outcome === 'aborted')).toMatchObject({ billed: 'yes', job: { id: third } });
    expect(open).toHaveLength(1);
  });

  test('are delivered while another is refused, and each ends with one last event', async () => {
    const { delivered, settled, open } = await three(host, [{ on: 'submit', nth: 2, status: 402, times: 9 }]);
    expect(delivered.length).toBeGreaterThan(0);
    expect(settled).toHaveLength(3);
    expect(new Set(settled.map(({ picture }) => picture)).size).toBe(3);
    expect(open).toEqual([]);
  });

  test('are delivered although the delivery of another hangs', async () => {
    const delivered: string[] = [];
    const deliver: GenerateImageOptions['deliver'] = async (image) => {
      if (delivered.push(image.job.id) === 1) await new Promise((resolve) => setTimeout(resolve, 40_000));
    };
    const { settled } = await three(host, [], { deliver });
    expect(new Set(delivered).size).toBe(3);
    expect(settled.filter(({ elapsed }) => elapsed < 30_000)).toHaveLength(2);
  });

  test('stay open when their delivery fails, and the others do not', async () => {
    let count = 0;
    const deliver = (): void => {
      count += 1;
      if (count === 1) throw new Error('the disk is full');
    };
    const { settled, open } = await three(host, [], { deliver });
    expect(count).toBe(3);
    expect(settled.map(({ outcome }) => outcome).sort()).toEqual(['completed', 'completed', 'failed']);
    expect(open).toHaveLength(1);
  });
});
