import type { Size } from '../contract/request.ts';

/** Reads "W*H" or "WxH" in pixels. */
export function parseSize(text: string): Size | undefined {
  const [, width, height] = /^([1-9]\d{0,4})[*x×]([1-9]\d{0,4})$/i.exec(text.trim()) ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}
