export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A size that follows from a reference picture. */
export interface SizeLike {
  /** The address of the picture, or its data. */
  readonly like: string;
  /** The side of the square that is taken when the picture cannot be seen. */
  readonly otherwise: number;
  /** Each side is so many times as long. */
  readonly times?: Size;
  /** So many pixels in all, in the ratio of the picture. */
  readonly area?: number;
  /** The shorter side is made as long as the longer one. */
  readonly square?: true;
}

const formats = {
  png: { extension: 'png', type: 'image/png' },
  jpeg: { extension: 'jpg', type: 'image/jpeg' },
  webp: { extension: 'webp', type: 'image/webp' },
  tiff: { extension: 'tiff', type: 'image/tiff' },
  gif: { extension: 'gif', type: 'image/gif' },
  avif: { extension: 'avif', type: 'image/avif' },
  bmp: { extension: 'bmp', type: 'image/bmp' },
  svg: { extension: 'svg', type: 'image/svg+xml' },
} as const;

export type Format = keyof typeof formats;

export const extensionOf = (format: Format): string => formats[format].extension;
export const mediaTypeOf = (format: Format): string => formats[format].type;

/** What shall be drawn for one job. */
export interface PictureRequest {
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
  readonly count: number;
  readonly format: Format;
  readonly size: Size | SizeLike;
  /** Midjourney adds one picture with all others in it. */
  readonly grid?: true;
  /** Only the middle is there, as after a background was removed. */
  readonly transparent?: true;
}

const aliases: Readonly<Record<string, Format>> = { jpg: 'jpeg', tif: 'tiff' };

/** A format by the name that a host gives it. */
export function toFormat(name: unknown, fallback: Format): Format {
  if (typeof name !== 'string') return fallback;
  return aliases[name] ?? (name in formats ? (name as Format) : fallback);
}

/** The formats that can hold nothing. */
export const hasAlpha = (format: Format): boolean => ['png', 'webp', 'tiff', 'gif', 'avif'].includes(format);
