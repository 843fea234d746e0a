import { createApiframe } from '@imageport/apiframe';
import type { Transport } from '@imageport/core';
import { createEmulator, type Emulator } from '@imageport/emulator';
import { createWavespeed } from '@imageport/wavespeed';
import { fetchTransport } from '../../core/src/host/fetch-transport.ts';
import '../../core/test/loaded.ts';
import { whileDrawing } from './clock.ts';

export type HostName = 'wavespeed' | 'apiframe';
export const hosts: readonly HostName[] = ['wavespeed', 'apiframe'];

export interface World {
  readonly emulator: Emulator;
  readonly wavespeed: ReturnType<typeof createWavespeed>;
  readonly apiframe: ReturnType<typeof createApiframe>;
  /** Submits that arrived, whatever became of them. */
  submits(): number;
}

/** Both hosts in this process, at addresses that nobody looks up. A job takes five seconds. */
export function createWorld(generation = 5_000): World {
  const emulator = createEmulator({ generationTime: { fixed: generation } });
  const transport: Transport = { ...fetchTransport(whileDrawing(emulator.fetch)), judgesAddresses: true };
  const account = (name: HostName) => ({
    apiKey: emulator[name].apiKey,
    baseUrl: `https://${name}.example.com/${name}`,
    transport,
  });
  return {
    emulator,
    wavespeed: createWavespeed(account('wavespeed')),
    apiframe: createApiframe(account('apiframe')),
    submits: () => emulator.requests().filter(({ kind }) => kind === 'submit').length,
  };
}
