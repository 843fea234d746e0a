import type { Cost } from '@imageport/core';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { answer, type Door } from './door.ts';
import { toLink } from './links.ts';
import type { SavedPicture } from './node/pictures.ts';
import { toPlainCost } from './price.ts';
import { resumable } from './to-error.ts';

/** What became of a request, as far as it is known now. */
export interface Made {
  readonly intentId: string;
  readonly saved: readonly SavedPicture[];
  readonly cost: Cost;
  readonly warnings: readonly string[];
  /** A job is paid, or may be, and its picture is not here yet. */
  readonly isUnfinished?: boolean;
}

/** Bytes of base64 that an answer may carry. */
const mostInline = 1024 * 1024;

/** Saved pictures as links, and as pictures where that was asked for and they are small. */
export async function toAnswer(door: Door, made: Made): Promise<CallToolResult> {
  const { intentId, cost, warnings, isUnfinished = false } = made;
  const saved = made.saved.toSorted((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }));
  const { content = [], ...result } = answer({
    intent_id: intentId,
    status: isUnfinished ? 'processing' : 'completed',
    images: saved.map((picture) => describe(picture, door)),
    cost: toPlainCost(cost),
    warnings,
    ...(isUnfinished ? { next: resumable } : {}),
  });
  const pictures = await Promise.all(saved.map((picture) => blocksOf(picture, door)));
  return { ...result, content: [...content, ...pictures.flat()] };
}

const describe = ({ intentId, number, path, mediaType, width, height }: SavedPicture, { isLocal }: Door) => ({
  uri: toLink(intentId, number),
  ...(isLocal ? { path } : {}),
  media_type: mediaType,
  ...(width === undefined || height === undefined ? {} : { width, height }),
});

async function blocksOf(picture: SavedPicture, { settings, pictures }: Door): Promise<CallToolResult['content']> {
  const { intentId, number, mediaType } = picture;
  const name = `${intentId}-${number}`;
  const link = { type: 'resource_link' as const, uri: toLink(intentId, number), name, mimeType: mediaType };
  if (!settings.inline) return [link];
  const found = await pictures.read(intentId, number);
  if (!found || (found.bytes.length * 4) / 3 > mostInline) return [link];
  return [link, { type: 'image', data: toBase64(found.bytes), mimeType: mediaType }];
}

/** In pieces, as a call takes so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
