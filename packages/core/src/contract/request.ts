import type { Job } from './job.ts';
import type { JsonObject } from './json.ts';

export const outputFormats = ['png', 'jpeg', 'webp'] as const;
/** The file format of a picture. */
export type OutputFormat = (typeof outputFormats)[number];

export const resolutions = ['0.5K', '1K', '1.5K', '2K', '3K', '4K', '8K'] as const;
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

/** What is to be done: a picture made, or one that there is made larger, cut out, or varied at its host. */
export const tasks = ['generate', 'upscale', 'remove-background', 'vary'] as const;
export type Task = (typeof tasks)[number];

/** What is asked of a finished job where the host offers actions on it, as with Midjourney's grids. */
export interface Variation {
  readonly action: string;
  /** The job whose picture is meant; it must be of the same host and account. */
  readonly job: Job;
  /** Which picture of the job, from 1. */
  readonly index?: number;
  /** By how much an outpaint zooms out, such as 1.5. */
  readonly zoom?: number;
  /** Where a pan goes. */
  readonly direction?: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The caller's request, validated and normalised; plain data that a ledger can keep. */
export interface ImageRequest {
  /** What is to be done; absent: a picture is made. */
  readonly task?: Exclude<Task, 'generate'>;
  /** Empty for a model that takes none. */
  readonly prompt: string;
  readonly size?: Size;
  /** "W:H" in lowest terms. */
  readonly aspectRatio?: string;
  readonly resolution?: Resolution;
  readonly seed?: number;
  /** Reference pictures: http(s) URLs or data URLs. */
  readonly images: readonly string[];
  /** A picture that is white where the first reference picture may change and black where it stays. */
  readonly mask?: string;
  /** How many times larger on each side. */
  readonly scale?: number;
  readonly vary?: Variation;
  readonly promptExpansion?: boolean;
  readonly sync?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly outputFormat?: OutputFormat;
  readonly fit: Fit;
  /** Native fields by provider name. */
  readonly providerOptions: Readonly<Record<string, JsonObject>>;
  readonly webhookUrl?: string;
  /** Ids and native fields that no table vouches for are sent as they are. */
  readonly unchecked?: true;
}

/** One place where what is sent differs from what was asked, and why. */
export interface Adaptation {
  /** The neutral option. */
  readonly option: string;
  readonly asked: string;
  readonly sent: string;
  readonly reason: string;
}

/** What is sent though no table vouches for it, because the request says `unchecked`. */
export interface Unchecked {
  /** The model's id is in no table: nothing about it was checked. */
  readonly model: boolean;
  /** Native fields by name. */
  readonly fields: readonly string[];
}
