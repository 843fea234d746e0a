import { createRegistry } from '@imageport/core';
import { createImageServer } from '@imageport/mcp';
import { serveStdio } from '@imageport/mcp/node';
import { createWavespeed } from '@imageport/wavespeed';

// A program that writes to stdout itself, as a library in it may, while it serves.
const wavespeed = createWavespeed({ apiKey: process.env.WAVESPEED_API_KEY, baseUrl: process.env.WAVESPEED_BASE_URL });
const registry = createRegistry({ models: { hero: 'wavespeed:seedream-4' } }, [wavespeed]);
const images = createImageServer({ registry, models: ['hero'], folder: 'pictures' });
const serving = serveStdio(images);
console.log('noise on the console');
process.stdout.write('noise on stdout\n');
process.stdin.on('data', () => console.info('more noise'));
await serving.ended;
console.log('the end');
