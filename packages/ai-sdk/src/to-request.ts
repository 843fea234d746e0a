import type { ImageModelV4CallOptions, ImageModelV4File } from '@ai-sdk/provider';
import type { CallOptions, MaxCost, OutputFormat, Resolution } from '@imageport/core';
import { refused } from './refused.ts';

/** `providerOptions.imageport` of a call. Native fields stand beside it, under the name of their host. */
export interface ImageportCallOptions {
  readonly resolution?: Resolution | undefined;
  readonly outputFormat?: OutputFormat | undefined;
  readonly promptExpansion?: boolean | undefined;
  readonly fit?: 'exact' | 'nearest' | undefined;
  readonly sync?: boolean | undefined;
  readonly maxCost?: MaxCost | undefined;
  /** Milliseconds for one attempt of the AI SDK, the download included. */
  readonly timeout?: number | undefined;
  readonly order?: 'cheapest' | 'fastest' | undefined;
  /** Identifies the request, as an idempotency key does: the same again gets the same pictures, whatever becomes of it. */
  readonly intentId?: string | undefined;
}

/** Whether an option is about the picture, or about the call: only the former makes another request. */
const kinds: Readonly<Record<keyof ImageportCallOptions, 'picture' | 'behaviour' | 'name'>> = {
  resolution: 'picture',
  outputFormat: 'picture',
  promptExpansion: 'picture',
  fit: 'picture',
  sync: 'picture',
  maxCost: 'behaviour',
  timeout: 'behaviour',
  order: 'behaviour',
  intentId: 'name',
};

export interface Asked {
  /** What the picture is to be; core checks it. */
  readonly picture: Readonly<Record<string, unknown>>;
  readonly behaviour: Partial<CallOptions>;
  readonly intentId: string | undefined;
  /** The caller's own idempotency key. */
  readonly key: string | undefined;
}

/** A call of the AI SDK in the words of core. Throws `invalid_request` for what there is no word for. */
export async function toRequest(options: ImageModelV4CallOptions): Promise<Asked> {
  const { prompt, size, aspectRatio, seed, files, mask, headers = {} } = options;
  const { imageport = {}, ...providerOptions } = options.providerOptions;
  const { order, ...behaviour } = pick(imageport, 'behaviour');
  const { intentId } = pick(imageport, 'name');
  if (intentId !== undefined && typeof intentId !== 'string')
    throw refused('`providerOptions.imageport.intentId` must be text');
  return {
    picture: {
      ...{ prompt, size, aspectRatio, seed, providerOptions },
      ...pick(imageport, 'picture'),
      images: files?.map((file, index) => toReference(file, `files[${index}]`)),
      mask: mask && toReference(mask, 'mask'),
    },
    behaviour: order === undefined ? behaviour : { ...behaviour, order: await toOrder(order) },
    intentId,
    key: headerOf(headers, 'idempotency-key'),
  };
}

function pick(given: object, kind: (typeof kinds)[keyof typeof kinds]): Record<string, unknown> {
  const known: Readonly<Record<string, string>> = kinds;
  const strange = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (strange !== undefined) {
    const all = Object.keys(known).join(', ');
    throw refused(`\`providerOptions.imageport.${strange}\` is not an option; there are ${all}`);
  }
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => known[name] === kind && value != null));
}

const headerOf = (headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];

async function toOrder(name: unknown): Promise<CallOptions['order']> {
  const { cheapest, fastest } = await import('@imageport/core/order');
  const order = new Map<unknown, CallOptions['order']>(Object.entries({ cheapest, fastest })).get(name);
  if (order) return order;
  throw refused("`providerOptions.imageport.order` must be 'cheapest' or 'fastest'");
}

/** A URL as it is, everything else as the bytes of a file. */
function toReference(file: ImageModelV4File, name: string): string | Uint8Array {
  if (file.type === 'url') return file.url;
  if (typeof file.data !== 'string') return file.data;
  try {
    return Uint8Array.from(atob(file.data), (letter) => letter.charCodeAt(0));
  } catch {
    throw refused(`\`${name}\` is no base64; give the bytes, base64 text or an https URL`);
  }
}
