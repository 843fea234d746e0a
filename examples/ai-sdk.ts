// The AI SDK repeats a whole call that failed. Here the host does not hand the picture out at first: it is paid once.
import { createImageport } from '@imageport/ai-sdk';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { generateImage } from 'ai';

const emulator = createEmulator({ faults: [{ on: 'output', status: 503, times: 5 }] });
const imageport = createImageport({ models: { hero: createWavespeed(emulator.wavespeed)('seedream-4') } });

const { image, responses } = await generateImage({
  model: imageport('hero'),
  prompt: 'a lighthouse in fog at dawn',
  size: '1024x1024',
});
const [response] = responses;
console.log(`${image.mediaType}, ${image.uint8Array.length} bytes, from ${response?.modelId}`);
console.log(`asked for before: ${response?.headers?.['x-imageport-replayed'] ?? 'no'}`);
console.log(`charges: ${emulator.charges().length}`);
