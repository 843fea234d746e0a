// Makes a picture and saves it.
import { writeFile } from 'node:fs/promises';
import { generateImage } from '@imageport/core';
import { wavespeed } from './providers.ts';

const { images, cost, jobs } = await generateImage({
  model: wavespeed('seedream-4'),
  prompt: 'a lighthouse in fog at dawn',
  size: '1024*1024',
});

for (const [index, image] of images.entries()) {
  const bytes = await image.bytes();
  const file = `imageport-${index + 1}.${image.mediaType === 'image/png' ? 'png' : 'jpg'}`;
  await writeFile(file, bytes);
  console.log(`${file}: ${image.width}x${image.height}, ${bytes.length} bytes, job ${jobs[index]?.id}`);
}
console.log('cost:', cost);
