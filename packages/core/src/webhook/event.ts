import type { JobSnapshot } from '../contract/adapter.ts';
import type { Bytes } from '../contract/bytes.ts';
import type { Job } from '../contract/job.ts';

/** The headers of a request: `Headers`, or an object such as Node's, in any letter case. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request that claims to come from a host. */
export interface WebhookDelivery {
  /** The body as it came over the wire, never parsed; a text stands for its UTF-8 bytes. */
  readonly body: Uint8Array | ArrayBuffer | string;
  /** The headers of the request, which carry the signature. */
  readonly headers: WebhookHeaders;
  /** The time in epoch milliseconds. @default Date.now */
  readonly now?: number | (() => number) | undefined;
}

/** What a host reported about a job. Only a hint: `pollImage` confirms it. A copy of it is as genuine, see `createReplayGuard`. */
export interface WebhookEvent {
  readonly provider: string;
  /** The host's own id of this webhook, where it has one. */
  readonly id?: string;
  /** Names this delivery: the same for each of its copies, and none but the host can make another. For `createReplayGuard`. */
  readonly delivery: string;
  /** `modelId` is the host's own name of the model; empty if the webhook does not contain it. */
  readonly job: Job;
  readonly snapshot: JobSnapshot;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What the headers of a delivery say about its signature. */
export interface WebhookClaim {
  readonly id?: string;
  /** What is signed before the body. */
  readonly prefix: string;
  /** SHA-256 HMACs in lower-case hex, of which one must be right. */
  readonly signatures: readonly string[];
}

/** How one host signs its webhooks. */
export interface WebhookScheme {
  /** The option that carries the secret, as messages call it. */
  readonly option: string;
  /** Reads the claim; undefined when the headers cannot be genuine. */
  read(header: (name: string) => string | undefined, now: number): WebhookClaim | undefined;
  /** The HMAC keys that one secret stands for. */
  toKeys(secret: string): readonly Bytes[] | Promise<readonly Bytes[]>;
}
