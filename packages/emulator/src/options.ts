import { randomBytes } from 'node:crypto';
import type { Fault } from './faults/fault.ts';

/** How long a job takes, in milliseconds. A plain number is the median of a mildly varying log-normal. */
export type GenerationTime = number | { median: number; sigma: number; seed?: number } | { fixed: number };

export interface WebhookOptions {
  /** Attempts before a delivery counts as failed. @default 3 */
  tries?: number;
  /** Pause before the second attempt; it doubles for each further one. @default 200 */
  backoff?: number;
  /** Which form of the SHA-256 of the API key signs Apiframe webhooks; the documents leave it open. @default 'digest' */
  apiframeKey?: 'digest' | 'hex';
  /** Ports of this machine that webhooks are sent to; to no other. @default none */
  ports?: readonly number[];
}

export interface EmulatorOptions {
  /** Keys that both hosts accept; the first is handed out. @default one for each host, made up at random */
  apiKeys?: readonly string[];
  /** @default 300 */
  generationTime?: GenerationTime;
  /** How long a sync-mode submit is held before it answers 5004. @default 30000 */
  syncWindow?: number;
  /** Money at the start: USD at WaveSpeed, credits at Apiframe. @default 1000000 each */
  balance?: { wavespeed?: number; apiframe?: number };
  /** A new job shows up in the list only after this. @default 0 */
  listLag?: number;
  /** Milliseconds by which the hosts' clocks are ahead of this machine's; negative: behind. @default 0 */
  clockSkew?: number;
  /** How long after the failure a refund shows up in charges and billing. @default 0 */
  refundDelay?: number;
  /** How long finished files are kept. @default 7 days at WaveSpeed, 24 hours at Apiframe */
  retention?: number;
  /** Pictures carry the words of their prompt. @default false */
  caption?: boolean;
  /** Models that WaveSpeed's list has dropped can be called all the same. @default false */
  goneModels?: boolean;
  faults?: readonly Fault[];
  webhookDelivery?: WebhookOptions;
  /** Sends webhooks. The default is the global fetch, and reaches `webhookDelivery.ports` of this machine only. */
  deliver?: (url: string, init: RequestInit) => Promise<Response>;
}

const day = 24 * 60 * 60 * 1000;

export type Host = 'wavespeed' | 'apiframe';

/** What the keys of a host begin with. */
const keyStarts: Record<Host, string> = { wavespeed: 'emulator-key-', apiframe: 'afk_' };

/** Nobody who was not told it can use an emulator: not even a web page that finds its port. */
const makeKey = (host: Host): string => keyStarts[host] + randomBytes(20).toString('hex');

export type Settings = ReturnType<typeof settle>;

export function settle(options: EmulatorOptions) {
  const { apiKeys, retention, balance, webhookDelivery } = options;
  const perHost = <T>(pick: (host: Host) => T): Record<Host, T> => ({
    wavespeed: pick('wavespeed'),
    apiframe: pick('apiframe'),
  });
  return {
    keys: perHost((host): readonly [string, ...string[]] => {
      const [first, ...others] = apiKeys ?? [];
      return first === undefined ? [makeKey(host)] : [first, ...others];
    }),
    generationTime: options.generationTime ?? 300,
    syncWindow: options.syncWindow ?? 30_000,
    balance: perHost((host) => balance?.[host] ?? 1_000_000),
    listLag: options.listLag ?? 0,
    clockSkew: options.clockSkew ?? 0,
    refundDelay: options.refundDelay ?? 0,
    retention: perHost((host) => retention ?? (host === 'wavespeed' ? 7 * day : day)),
    webhooks: { tries: 3, backoff: 200, apiframeKey: 'digest' as const, ports: [], ...webhookDelivery },
    caption: options.caption ?? false,
    goneModels: options.goneModels ?? false,
    deliver: options.deliver,
  };
}
