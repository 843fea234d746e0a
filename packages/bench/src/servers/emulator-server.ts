import { createEmulator, type Fault as EmulatorFault } from '@imageport/emulator';
import type { Fault } from '../fault-table.ts';
import { generationTime as usualTime } from './protocol.ts';
import type { TestServer } from './test-server.ts';

/** One of the two hosts as `@imageport/emulator` plays it, behind a real socket. */
export async function startEmulatorServer(
  host: 'wavespeed' | 'apiframe',
  fault?: Fault,
  generationTime = usualTime,
): Promise<TestServer> {
  const emulator = createEmulator({ generationTime: { fixed: generationTime } });
  if (fault && fault.how.kind !== 'refused') emulator.inject(translate(fault));
  await emulator.listen();
  const { baseUrl, apiKey } = emulator[host];
  return {
    target: { url: baseUrl, apiKey },
    accepted: () => emulator.jobs().map(({ id, idempotencyKey }) => ({ id, key: idempotencyKey })),
    close: () => emulator.close(),
  };
}

function translate({ phase, times, how }: Fault): EmulatorFault {
  const place = { on: phase === 'download' ? 'output' : phase, times } as const;
  switch (how.kind) {
    case 'refused':
      return place;
    case 'reset':
      return { ...place, reset: 'after' };
    case 'hang':
      return { ...place, hang: true };
    case 'status': {
      const { status, accepted, retryAfter } = how;
      const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      return { ...place, status, accepted, headers };
    }
    case 'garbage':
      return { ...place, body: '<!doctype html><title>ok</title>', contentType: 'application/json', accepted: true };
    case 'drip':
      return { ...place, drip: { bytes: 1, every: 1_000 } };
    case 'empty':
      return { ...place, job: 'empty' };
  }
}
