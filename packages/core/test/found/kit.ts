import { createApiframe } from '@imageport/apiframe';
import { createWavespeed } from '@imageport/wavespeed';
import {
  type GeneratedImage,
  type GenerateImageResult,
  ImageError,
  type Ledger,
  type LedgerRecord,
  type Provider,
  type ProviderOptions,
} from '../../src/index.ts';
import type { HostName, World } from '../world.ts';

/** An account value of its own, as another process or another command would make one for the same key. */
export function open(world: Pick<World, 'emulator'>, host: HostName, more: ProviderOptions = {}): Provider {
  const { emulator } = world;
  const address = { apiKey: emulator[host].apiKey, baseUrl: `https://${host}.example.com/${host}` };
  return connect(host, { fetch: emulator.fetch, ...address, ...more });
}

export const connect = (host: HostName, options: ProviderOptions): Provider =>
  (host === 'wavespeed' ? createWavespeed : createApiframe)(options);

/** How a call ended, either way. */
export interface Ended {
  readonly images: readonly GeneratedImage[];
  /** The jobs whose pictures the caller has. */
  readonly jobs: readonly string[];
  readonly error?: ImageError | undefined;
  /** What was thrown, if it was no `ImageError`. */
  readonly thrown?: unknown;
}

export async function ended(work: Promise<Pick<GenerateImageResult, 'images'>>): Promise<Ended> {
  try {
    const { images } = await work;
    return { images, jobs: images.map(({ job }) => job.id) };
  } catch (thrown) {
    return { images: [], jobs: [], ...(ImageError.is(thrown) ? { error: thrown } : { thrown }) };
  }
}

export const candidatesOf = ({ error }: Ended): string[] => (error?.candidates ?? []).map(({ id }) => id);

/** Ends a call a second after its submit was carried: time enough for wrong repeats, too little for a long search. */
export function endAfterSubmit(): { readonly signal: AbortSignal; carried(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, carried: () => void setTimeout(() => controller.abort(), 1_000) };
}

export const pause = (duration: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration));

export async function listOpen(ledger: Ledger): Promise<LedgerRecord[]> {
  const records: LedgerRecord[] = [];
  for await (const record of ledger.open()) records.push(record);
  return records;
}
