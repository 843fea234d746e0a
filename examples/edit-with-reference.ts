// Makes a picture, then changes it. Bytes go where the host wants them: uploaded to Apiframe, inline to WaveSpeedAI.
import { generateImage } from '@imageport/core';
import { apiframe, wavespeed } from './providers.ts';

const draft = await generateImage({
  model: wavespeed('seedream-4'),
  prompt: 'a lighthouse in fog at dawn',
  size: '1024*1024',
});
const reference = await Promise.all(draft.images.map((image) => image.bytes()));

for (const model of [wavespeed('seedream-4'), apiframe('seedream-4')]) {
  const { applied, images } = await generateImage({
    model,
    prompt: 'the same lighthouse at night, with its lamp lit',
    images: reference,
  });
  console.log(`${applied.provider}: ${applied.model} made ${images[0]?.url}`);
}
