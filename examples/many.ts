// Many pictures at once: the account's limits are kept, jobs are polled when they are likely to end, events can be read.
import { type Limits, streamImage } from '@imageport/core';
import { createLearnedSchedule } from '@imageport/core/learned';
import { createWavespeed } from '@imageport/wavespeed';
import { emulator } from './providers.ts';

const schedule = createLearnedSchedule(); // JSON.stringify(schedule) keeps what it learned for the next process
const limits: Limits = { jobs: 3, submitsPerMinute: 60 };
const wavespeed = createWavespeed({ ...(process.env.WAVESPEED_API_KEY ? {} : emulator.wavespeed), limits, schedule });

const stream = streamImage({ model: wavespeed('seedream-4'), prompt: 'a lighthouse in fog at dawn', n: 6 });
for await (const event of stream) {
  if (event.type === 'queued') console.log(`picture ${event.picture + 1} waits, ${event.ahead} ahead`);
  if (event.type === 'settled') console.log(`picture ${event.picture + 1} ${event.outcome} after ${event.elapsed} ms`);
}

const { images, cost } = await stream.result;
console.log(`${images.length} pictures, cost:`, cost);
