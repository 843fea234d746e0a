// Many pictures: read as fast as they are taken, begun as the account's limits allow, each told as it comes.
import { generateImages, type Limits } from '@imageport/core';
import { createLearnedSchedule } from '@imageport/core/learned';
import { createWavespeed } from '@imageport/wavespeed';
import { emulator } from './providers.ts';

const schedule = createLearnedSchedule(); // JSON.stringify(schedule) keeps what it learned for the next process
const limits: Limits = { jobs: 3, submitsPerMinute: 60 };
const wavespeed = createWavespeed({ ...(process.env.WAVESPEED_API_KEY ? {} : emulator.wavespeed), limits, schedule });

function* scenes() {
  for (const hour of ['dawn', 'noon', 'dusk', 'night']) {
    for (const weather of ['fog', 'rain']) yield { prompt: `a lighthouse in ${weather} at ${hour}` };
  }
}

// With an `intentId` the same batch again, after a crash or a break, pays for nothing twice.
const batch = generateImages(scenes(), { model: wavespeed('seedream-4'), intentId: 'hours', maxCost: { USD: 0.2 } });
for await (const each of batch) {
  const said = each.outcome === 'completed' ? `job ${each.result.jobs[0]?.id}` : (each.error?.message ?? '');
  console.log(`${each.index} ${each.item.prompt}: ${each.outcome} ${said}`);
}
