// A list of models is a fallback route: the next is asked only when the one before has surely cost nothing.
import { generateImage } from '@imageport/core';
import { apiframe, emulator, wavespeed } from './providers.ts';

// The emulated WaveSpeedAI has no money left. (With a key in the environment the real host is asked instead.)
emulator.inject({ host: 'wavespeed', on: 'submit', status: 402, body: { code: 402, message: 'insufficient balance' } });

const { applied, attempts } = await generateImage({
  model: [wavespeed('seedream-4'), apiframe('seedream-4')],
  prompt: 'a lighthouse in fog at dawn',
  onEvent: (event) => {
    if (event.type === 'fallback') console.log(`${event.from} -> ${event.to} because of ${event.code}`);
  },
});

for (const { provider, outcome, billed } of attempts) console.log(`${provider}: ${outcome}, billed: ${billed}`);
console.log('picture made by', applied.provider);
