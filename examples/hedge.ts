// When the first model is late, the next is asked as well. Both are paid, and the first picture is used.
import { generateImage } from '@imageport/core';
import { hedge } from '@imageport/core/hedge';
import { apiframe, emulator, wavespeed } from './providers.ts';

// The emulated WaveSpeedAI accepts the job and never finishes it.
emulator.inject({ host: 'wavespeed', on: 'submit', job: 'never' });

const { applied, attempts, warnings } = await generateImage({
  model: [wavespeed('seedream-4'), apiframe('seedream-4')],
  prompt: 'a lighthouse in fog at dawn',
  hedge: hedge({ after: 1_000, maxCost: { credit: 20 } }),
  onEvent: (event) => {
    if (event.type === 'hedging')
      console.log(`${event.from} is late after ${event.after} ms: ${event.to} is asked too`);
  },
});

for (const { provider, outcome, billed } of attempts) console.log(`${provider}: ${outcome}, billed: ${billed}`);
console.log('picture made by', applied.provider);
console.log(warnings.join('\n'));
