import type { Bytes } from '../contract/bytes.ts';
import { sniffMediaType } from './media-type.ts';

/** Picture bytes as a data URL; the bytes decide the media type. */
export function toDataUrl(bytes: Uint8Array): string {
  return `data:${sniffMediaType(bytes) ?? 'application/octet-stream'};base64,${toBase64(bytes)}`;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(binary);
}

/** How many bytes a base64 text stands for, without decoding it. */
export const decodedLength = (text: string): number => Math.floor((text.length * 3) / 4);

/** Decodes base64 as hosts send it: naked or as a data URL, url-safe, wrapped, unpadded. Undefined if it is not base64. */
export function fromBase64(text: string): Bytes | undefined {
  const naked = text
    .replace(/^data:[^,]*,/, '')
    .replace(/\s+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  try {
    const binary = atob(naked.replace(/=+$/, ''));
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return undefined;
  }
}
