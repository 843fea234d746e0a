// Runs where the packages are installed, on a Node that is too old: makes every call that would send, and prints how
// each ended. `node old-node-child.mjs <accounts of the emulator as JSON>`.
import { createApiframe } from '@imageport/apiframe';
import {
  createMemoryLedger,
  generateImage,
  generateImages,
  pollImage,
  resumeImages,
  streamImage,
  submitImage,
  waitForImage,
} from '@imageport/core';
import { createWavespeed } from '@imageport/wavespeed';

const accounts = JSON.parse(process.argv[2]);

/** @param {import('@imageport/core').ImageModel} model */
function callsOf(model) {
  const request = { model, prompt: 'a lighthouse in fog at dawn' };
  const job = { provider: model.provider.provider, modelId: model.modelId, id: 'job-1' };
  return {
    generateImage: () => generateImage(request),
    generateImages: () => generateImages([request]).next(),
    streamImage: async () => {
      const stream = streamImage(request);
      for await (const event of stream) throw new Error(`there was an event: ${event.type}`);
      return stream.result;
    },
    submitImage: () => submitImage(request),
    pollImage: () => pollImage(model, job),
    waitForImage: () => waitForImage(model, job),
    resumeImages: () => resumeImages({ ledger: createMemoryLedger(), models: [model] }),
  };
}

const endings = [];
for (const model of [
  createWavespeed(accounts.wavespeed)('seedream-4'),
  createApiframe(accounts.apiframe)('seedream-4'),
]) {
  for (const [name, call] of Object.entries(callsOf(model))) {
    const error = await call().then(
      () => ({ name: 'no error' }),
      (reason) => ({ ...reason, name: reason.name, message: reason.message }),
    );
    endings.push({ call: `${name} at ${model.provider.provider}`, error });
  }
}
console.log(JSON.stringify({ version: process.versions.node, endings }));
