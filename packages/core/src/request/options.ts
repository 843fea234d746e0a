import * as v from 'valibot';
import type {
  AspectRatio,
  Fit,
  ImageRequest,
  KnownHosts,
  OutputFormat,
  PixelSize,
  Resolution,
  ResponseFormat,
} from '../contract/request.ts';
import { invalid } from '../errors/invalid.ts';
import { entries, readOptions } from './entries.ts';
import { withoutUndefined } from './without-undefined.ts';

/** A reference picture: an http(s) URL, a data URL, or the bytes of a picture file. */
export type ReferenceImage = string | URL | Uint8Array;

/** The picture: the neutral part of the options, the same for every host. */
export interface RequestOptions {
  /** What to draw, or how to change the reference pictures. Empty for a model that takes no prompt. */
  prompt: string;
  /**
   * Width and height in pixels, "W*H" or "WxH", such as "2048*2048". Excludes `aspectRatio` and `resolution`. For a text that
   * is computed at run time there is `imageOptions`. @default the model's own
   */
  size?: PixelSize | undefined;
  /** Width to height in whole numbers, "W:H", such as "16:9". @default the model's own */
  aspectRatio?: AspectRatio | undefined;
  /** About so many times 1024 pixels squared: 2048 for '2K'. @default the model's own */
  resolution?: Resolution | undefined;
  /** 0 to 2147483647; the same seed draws the same picture. Picture k of `n` gets `seed + k`. @default a random one */
  seed?: number | undefined;
  /** Reference pictures, in order: http(s) URLs, data URLs or bytes. @default none */
  images?: readonly ReferenceImage[] | undefined;
  /**
   * Where the first reference picture may change: a picture that is white there and black elsewhere, given like `images`. Refused
   * for a model of which it is not known that white is what changes. @default none
   */
  mask?: ReferenceImage | undefined;
  /** Let the host write a longer prompt from yours. @default the model's own */
  promptExpansion?: boolean | undefined;
  /** Ask the host to answer in one call, where it can; ignored elsewhere. @default false */
  sync?: boolean | undefined;
  /** How the host hands the picture over, where it has a choice; `bytes()` works either way. @default 'url' */
  responseFormat?: ResponseFormat | undefined;
  /** The file format of the picture, where the model has a choice. @default the model's own */
  outputFormat?: OutputFormat | undefined;
  /** `exact` refuses what a model cannot do exactly; `nearest` takes the nearest it can and says so. @default 'exact' */
  fit?: Fit | undefined;
  /**
   * Native fields by the name of their host, for what has no neutral name; each host reads its own entry, which is checked
   * against the model's table. An entry for a host that the program has no provider of is refused. @default none
   */
  providerOptions?: { readonly [Host in keyof KnownHosts]?: KnownHosts[Host] | undefined } | undefined;
  /**
   * Send what no table vouches for: a model id or native fields that are not known. A host may ignore them and charge; the result's
   * `warnings` name them. @default false
   */
  unchecked?: boolean | undefined;
  /** https address that the host calls when the job ends; the call still waits for the job. @default none */
  webhookUrl?: string | undefined;
}

const schema = v.strictObject(entries);

const noImages: readonly string[] = Object.freeze([]);
const noOptions = Object.freeze({});

/** Validates and normalises what the caller gave. Throws `invalid_request`; nothing is spent. */
export function parseRequest(options: RequestOptions): ImageRequest {
  if (typeof options !== 'object' || options === null) throw invalid('options must be an object');
  const request = readOptions(schema, options, 'imageport');
  if (request.size && (request.aspectRatio || request.resolution)) {
    throw invalid('`size` excludes `aspectRatio` and `resolution`: give the pixels, or the ratio with a resolution');
  }
  return toImageRequest(request);
}

/** How a verb reads what was given for the picture. Both throw `invalid_request`. */
export interface Reader {
  /** All of it. */
  whole(options: object): ImageRequest;
  /** What a model of the route has instead. */
  part(options: object): Partial<ImageRequest>;
}

export const generating: Reader = {
  whole: (options) => parseRequest(options as RequestOptions),
  // The prompt is only there so that the rest can be read like any request.
  part: (options) => parseRequest({ prompt: 'the same', ...options }),
};

type Read = Pick<ImageRequest, 'images' | 'providerOptions'> & {
  readonly task?: ImageRequest['task'];
  readonly unchecked?: boolean | undefined;
};

/** What was read in the one form that an intent keeps. */
export function toImageRequest(request: Read): ImageRequest {
  // A waiting job keeps its request: what most requests leave out is there once for all of them.
  const images = request.images.length === 0 ? noImages : request.images;
  const providerOptions = Object.keys(request.providerOptions).length === 0 ? noOptions : request.providerOptions;
  const unchecked = request.unchecked ? (true as const) : undefined;
  return withoutUndefined({ ...request, images, providerOptions, unchecked }) as unknown as ImageRequest;
}
