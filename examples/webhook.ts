// A webhook ends the wait at once: a receiver on this machine, both hosts emulated, every delivery verified.
import { createServer, type IncomingMessage } from 'node:http';
import { createApiframe, verifyApiframeWebhook } from '@imageport/apiframe';
import { createReplayGuard, createWebhookHub, errorTraits, generateImage, ImageError } from '@imageport/core';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed, verifyWavespeedWebhook } from '@imageport/wavespeed';

const [webhooks, guard] = [createWebhookHub(), createReplayGuard()];
const server = createServer(async (request, response) => {
  try {
    const delivery = { body: await readRaw(request), headers: request.headers };
    const event =
      request.url === '/wavespeed'
        ? await verifyWavespeedWebhook({ ...delivery, secret })
        : await verifyApiframeWebhook({ ...delivery, apiKey: apiframe.apiKey });
    await guard.once(event, () => webhooks.notify(event));
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(ImageError.is(error) ? errorTraits[error.code].http : 500).end();
  }
});
const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
});
const emulator = createEmulator({ webhookDelivery: { ports: [port] } }); // to no other port
const { wavespeed, apiframe } = emulator;
const headers = { authorization: `Bearer ${wavespeed.apiKey}` };
const answer = await emulator.fetch(`${wavespeed.baseUrl}/api/v3/webhook/secret`, { headers });
const { secret } = (await answer.json()).data; // once; then keep it beside the key

for (const model of [createWavespeed(wavespeed)('seedream-4'), createApiframe(apiframe)('seedream-4')]) {
  const { adapter } = model.provider;
  const webhookUrl = `http://127.0.0.1:${port}/${adapter.name}`;
  const call = { model, prompt: 'a lighthouse in fog at dawn', webhookUrl, webhooks };
  const { timings } = await generateImage({ ...call, interval: 60_000 }); // the next poll would be in a minute
  console.log(`${adapter.name}: ended by ${timings.total < 60_000 ? 'its webhook' : 'a poll'}`);
}
const forged = await fetch(`http://127.0.0.1:${port}/wavespeed`, { method: 'POST', body: '{"id":"forged"}' });
console.log('forged:', forged.status);
server.close();

async function readRaw(request: IncomingMessage): Promise<Uint8Array> {
  return Buffer.concat(await request.toArray());
}
