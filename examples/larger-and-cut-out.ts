// Makes a picture, then a larger one of it, then one without its background. Each verb is paid for once, like any call.
import { generateImage, removeBackground, upscaleImage } from '@imageport/core';
import { apiframe, wavespeed } from './providers.ts';

const draft = await generateImage({
  model: wavespeed('seedream-4'),
  prompt: 'a lighthouse in fog at dawn',
  size: '1024*1024',
});
const image = await draft.images[0]?.bytes();

if (image) {
  // Hosts say how much larger in different ways: by a resolution that comes out, or by a factor.
  const larger = await upscaleImage({
    model: [{ model: wavespeed('wavespeed-ai/image-upscaler'), resolution: '4K' }, apiframe('clarity-upscale')],
    image,
    scale: 4,
  });
  console.log('larger:', larger.applied.model, larger.images[0]?.url, larger.cost.amount);

  const model = [wavespeed('bria/remove-background'), apiframe('bria-bg-remove')];
  const cut = await removeBackground({ model, image });
  console.log('cut out:', cut.applied.model, cut.images[0]?.url, cut.cost.amount);
}
