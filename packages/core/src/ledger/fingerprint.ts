import type { HttpRequest } from '../contract/adapter.ts';
import type { ImageRequest } from '../contract/request.ts';
import type { RouteEntry } from './facts.ts';

/** A text that is equal for equal requests; pictures given as data count by their length and a checksum. */
export function requestKey(request: ImageRequest): string {
  return JSON.stringify(sortKeys(slimmed(request)));
}

/** A reference picture as a closed intent keeps it: enough to recognise it, too little to fill the memory. */
export function shorten(image: string): string {
  return image.startsWith('data:') && image.length > 200 ? `data:#${image.length}-${checksum(image)}` : image;
}

/** A request, or a part of one, without the data of its pictures. */
export const slimmed = <Request extends Partial<ImageRequest>>(request: Request): Request =>
  request.images || request.mask !== undefined
    ? {
        ...request,
        ...(request.images && { images: request.images.map(shorten) }),
        ...(request.mask !== undefined && { mask: shorten(request.mask) }),
      }
    : request;

/** The same model, with the same differences from the rest of its call. */
export const isSameEntry = (one: RouteEntry, other: RouteEntry): boolean => entryKey(one) === entryKey(other);

const entryKey = ({ provider, modelId, account, overrides = {} }: RouteEntry): string =>
  JSON.stringify(sortKeys({ provider, modelId, account, ...slimmed(overrides) }));

/** The same data with the members of every object in one order. */
export function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const members = value as Readonly<Record<string, unknown>>;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(members).sort()) {
    const member = sortKeys(members[key]);
    if (key === '__proto__') Object.defineProperty(sorted, key, { value: member, enumerable: true });
    else sorted[key] = member;
  }
  return sorted;
}

/** Equal for submits that a host's list of jobs cannot tell apart. */
export const wordsOf = (provider: string, { path, body }: HttpRequest): string => {
  const text = JSON.stringify(sortKeys({ path, body }));
  // Joined, because V8 keeps the pieces of a template beside it, and this is kept for every intent.
  return [provider, ':', text.length, '-', checksum(text)].join('');
};

/** FNV-1a, 32 bits: tells texts apart, keeps no secrets. */
export function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16);
}
