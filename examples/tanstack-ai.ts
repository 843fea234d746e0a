// A caller of TanStack AI gives up and asks again: the second call gets the job that the first has paid for.
import { createEmulator } from '@imageport/emulator';
import { createImageport } from '@imageport/tanstack-ai';
import { createWavespeed } from '@imageport/wavespeed';
import { generateImage } from '@tanstack/ai';

const emulator = createEmulator();
const page = new AbortController();
const imageport = createImageport({
  onEvent: (event) => event.type === 'accepted' && page.abort(new Error('the page was closed')),
});
const adapter = imageport(createWavespeed(emulator.wavespeed)('seedream-4'));
const wanted = { adapter, prompt: 'a lighthouse in fog at dawn', debug: false } as const;

await generateImage({ ...wanted, abortSignal: page.signal }).catch((error) => console.log('ended:', error.message));
const { images } = await generateImage(wanted);
console.log('pictures:', images.length);
console.log('charges:', emulator.charges().length);
