import { generateImage, removeBackground } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { describe, expect, test } from 'vitest';
import { portable } from '../../catalogue/overrides.ts';
import { createWavespeed } from '../../src/index.ts';
import { familyOf } from './minimal.ts';
import { modelOf } from './recorded.ts';

// A host that reads the recorded schemas by itself, and has no code in common with the tables.
const emulator = createEmulator({ generationTime: { fixed: 0 } });
const wavespeed = createWavespeed({ ...emulator.wavespeed, fetch: emulator.fetch });
const prompt = 'a lighthouse in fog at dawn';
const live = Object.entries(portable).filter(([, natives]) => natives.every((id) => !id || modelOf(id).live));

async function pictureOf(): Promise<string> {
  const { images } = await generateImage({ model: wavespeed('seedream-4'), prompt, size: '1024*1024' });
  return images[0]?.url ?? '';
}

describe('every live portable id makes a picture', () => {
  test.each(live)('%s', async (id, [native, edit]) => {
    const picture = await pictureOf();
    const { task, accepts } = familyOf(native);
    if (task === 'remove-background') {
      await removeBackground({ model: wavespeed(id), image: picture });
    } else {
      const images = accepts.images?.min ? [picture] : [];
      const { images: made, cost } = await generateImage({ model: wavespeed(id), prompt, images });
      expect((await made[0]?.bytes())?.length).toBeGreaterThan(1000);
      expect(cost).toMatchObject({ amount: emulator.charges().at(-1)?.amount, currency: 'USD' });
    }
    expect(emulator.jobs().at(-1)?.model).toBe(native);
    if (!edit || modelOf(edit).schema === 'none') return;
    await generateImage({ model: wavespeed(id), prompt, images: [picture] });
    expect(emulator.jobs().at(-1)?.model).toBe(edit);
  });
});
