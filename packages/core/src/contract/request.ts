import type { JsonObject } from './json.ts';

export const outputFormats = ['png', 'jpeg', 'webp'] as const;
/** The file format of a picture. */
export type OutputFormat = (typeof outputFormats)[number];

export const resolutions = ['1K', '1.5K', '2K', '3K', '4K'] as const;
/** Neutral names of picture resolutions; "1K" is about 1024 pixels squared, "2K" about 2048. */
export type Resolution = (typeof resolutions)[number];

export const fits = ['exact', 'nearest'] as const;
/** `exact` refuses what a model cannot do exactly; `nearest` takes the nearest it can and says so. */
export type Fit = (typeof fits)[number];

export const responseFormats = ['url', 'base64'] as const;
/** How a host hands a picture over: as an address, or the picture itself. */
export type ResponseFormat = (typeof responseFormats)[number];

/** Width and height in whole pixels, such as '2048*2048' or '2048x1536'. */
export type PixelSize = `${number}*${number}` | `${number}x${number}`;

/** Width to height in whole numbers, such as '16:9'. */
export type AspectRatio = `${number}:${number}`;

/**
 * The hosts that `providerOptions` has entries for. A host's package adds its own name, and so does yours:
 * `declare module '@imageport/core' { interface KnownHosts { acme: NativeFields } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: the packages of the hosts add to it
export interface KnownHosts {}

/** Fields of one host, named and valued as it documents them; checked against the model's table. */
export type NativeFields = Readonly<Record<string, unknown>>;

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
  readonly responseFormat?: ResponseFormat;
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
