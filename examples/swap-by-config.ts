// The host is one line of a file: `node examples/swap-by-config.ts examples/apiframe.config.json`.
import { readFile } from 'node:fs/promises';
import { createRegistry, generateImage } from '@imageport/core';
import { apiframe, wavespeed } from './providers.ts';

const file = process.argv[2] ?? new URL('wavespeed.config.json', import.meta.url);
const registry = createRegistry(JSON.parse(await readFile(file, 'utf8')), [wavespeed, apiframe]);

const { applied, images, cost } = await generateImage({
  model: registry('hero'),
  prompt: 'a lighthouse in fog at dawn',
  size: '2048*2048',
});

console.log(`${applied.provider} was sent ${applied.request.path} ${JSON.stringify(applied.request.body)}`);
console.log('picture:', images[0]?.url);
console.log('cost:', cost);
