import { createApiframe } from '@imageport/apiframe';
import { createEmulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';

/** Stands in for a host whose key is not in the environment. */
export const emulator = createEmulator();
export const wavespeed = createWavespeed(process.env.WAVESPEED_API_KEY ? {} : emulator.wavespeed);
export const apiframe = createApiframe(process.env.APIFRAME_API_KEY ? {} : emulator.apiframe);
