import { createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  createMemoryLedger,
  type GeneratedImage,
  generateImage,
  type ImageEvent,
  type ImageModel,
} from '../src/index.ts';
import { ended, listOpen } from './found/kit.ts';
import { toJpeg } from './pictures.ts';
import { type HostName, hosts } from './world.ts';

const prompt = 'a pier';
const cut = toJpeg(900, false);
const says = expect.stringMatching(/^the picture of job \S+ has no end: it is shown as far as it goes$/);

/** A host on a port, in real time, because bytes take some; its pictures are these. */
async function modelOf(host: HostName, bytes: Uint8Array<ArrayBuffer>): Promise<ImageModel> {
  const emulator = createEmulator({ generationTime: { fixed: 5 }, faults: [{ on: 'output', bytes, times: 99 }] });
  await emulator.listen();
  onTestFinished(() => emulator.close());
  const create = host === 'wavespeed' ? createWavespeed : createApiframe;
  return create(emulator[host])('seedream-4');
}

const warningsOf = (events: readonly ImageEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? event.message : []));

describe.each(hosts)('a picture of %s without its end marker', (host) => {
  test('is delivered as it is, and the result and an event say so', async () => {
    const events: ImageEvent[] = [];
    const saved: Uint8Array[] = [];
    const ledger = createMemoryLedger();
    const { images, warnings } = await generateImage({
      ...{ model: await modelOf(host, cut), prompt, ledger },
      onEvent: (event) => void events.push(event),
      deliver: async (image) => void saved.push(await image.bytes()),
    });
    expect(saved).toEqual([cut]);
    expect([warnings, warningsOf(events)]).toEqual([[says], [says]]);
    expect(images[0]?.cut).toBe(true);
    expect(await listOpen(ledger)).toEqual([]);
  });

  test('is said to be so by an event and the picture, where its bytes are read after the call', async () => {
    const events: ImageEvent[] = [];
    const onEvent = (event: ImageEvent): void => void events.push(event);
    const { images } = await generateImage({ model: await modelOf(host, cut), prompt, onEvent });
    expect(await images[0]?.bytes()).toEqual(cut);
    expect(images[0]?.cut).toBe(true);
    expect(warningsOf(events)).toEqual([says]);
  });
});

test('what breaks off before its coded data is no picture, and stays open', async () => {
  const model = await modelOf('wavespeed', toJpeg(0, false));
  const ledger = createMemoryLedger();
  const deliver = async (image: GeneratedImage): Promise<void> => void (await image.bytes());
  const { error } = await ended(generateImage({ model, prompt, ledger, deliver }));
  expect(error).toMatchObject({ reason: 'output_invalid', billed: 'yes', resumable: true });
  expect(await listOpen(ledger)).toHaveLength(1);
});
