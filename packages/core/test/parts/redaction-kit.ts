import { createWavespeed } from '@imageport/wavespeed';
import type { OutgoingRequest, Provider } from '../../src/index.ts';

export const testAdapter = 'wavespeed';

/** An account whose requests are kept and never answered. */
export function testProvider(apiKey: string): { provider: Provider; requests: OutgoingRequest[] } {
  const requests: OutgoingRequest[] = [];
  const provider = createWavespeed({
    apiKey,
    transport: {
      async send(request) {
        requests.push(request);
        return { sent: 'yes', status: 400, bodyState: 'empty' };
      },
      open: () => Promise.reject(new Error('nothing is there')),
    },
  });
  return { provider, requests };
}
