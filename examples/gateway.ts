// An OpenAI client that gives up and repeats by itself: behind the gateway its picture is paid once.
import { createRegistry } from '@imageport/core';
import { createGateway } from '@imageport/gateway';
import { serveGateway } from '@imageport/gateway/node';
import OpenAI from 'openai';
import { emulator, wavespeed } from './providers.ts';

const gateway = createGateway({
  registry: createRegistry({ models: { hero: 'wavespeed:seedream-4' } }, [wavespeed]),
  models: ['hero'],
  aliases: { 'gpt-image-1': 'hero' }, // for apps that insist on it
  keys: 'open', // openKeys('keys.json') for others than yourself
  log: ({ status, intentId, replayed }) => console.log(`${status} ${intentId}${replayed ? ', asked before' : ''}`),
});
const server = await serveGateway(gateway, { port: 0 });

emulator.inject({ on: 'submit', delay: 2_000 });
const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', timeout: 1_000, maxRetries: 60 });
const { data = [] } = await client.images.generate({ model: 'gpt-image-1', prompt: 'a lighthouse in fog at dawn' });
console.log(`${data.length} picture, ${data[0]?.b64_json?.length} characters of base64`);
await server.close();
