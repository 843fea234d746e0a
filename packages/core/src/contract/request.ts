import type { JsonObject } from './json.ts';

export type OutputFormat = 'png' | 'jpeg' | 'webp';
/** Neutral names of picture resolutions; "1K" is about 1024 pixels squared, "2K" about 2048. */
export type Resolution = '1K' | '1.5K' | '2K' | '3K' | '4K';
/** `exact` refuses what a model cannot do exactly; `nearest` takes the nearest it can and says so. */
export type Fit = 'exact' | 'nearest';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The caller's request, validated and normalised; plain data that a ledger can keep. */
export interface ImageRequest {
  readonly prompt: string;
  readonly size?: Size;
  /** "W:H" in lowest terms. */
  readonly aspectRatio?: string;
  readonly resolution?: Resolution;
  readonly seed?: number;
  /** Reference pictures: http(s) URLs or data URLs. */
  readonly images: readonly string[];
  readonly promptExpansion?: boolean;
  readonly sync?: boolean;
  readonly responseFormat?: 'url' | 'base64';
  readonly outputFormat?: OutputFormat;
  readonly fit: Fit;
  /** Native fields by provider name. */
  readonly providerOptions: Readonly<Record<string, JsonObject>>;
  readonly webhookUrl?: string;
}

/** One place where what is sent differs from what was asked, and why. */
export interface Adaptation {
  /** The neutral option. */
  readonly option: string;
  readonly asked: string;
  readonly sent: string;
  readonly reason: string;
}
