// An abort ends the call at once. The paid job goes on at the host, and can be waited for later.
import { generateImage, type Job, waitForImage } from '@imageport/core';
import { apiframe } from './providers.ts';

const controller = new AbortController();
let open: Job | undefined;

try {
  await generateImage({
    model: apiframe('seedream-4'),
    prompt: 'a lighthouse in fog at dawn',
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === 'accepted') controller.abort(new Error('the user closed the page'));
      if (event.type === 'settled') open = event.job;
    },
  });
} catch (error) {
  console.log('ended:', error instanceof Error ? error.message : error);
}

if (open) {
  const { state, images } = await waitForImage(apiframe(open.modelId), open);
  console.log(`job ${open.id} is ${state}: ${images[0]?.url}`);
}
