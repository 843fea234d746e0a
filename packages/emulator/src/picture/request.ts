export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Format = 'png' | 'jpeg' | 'webp';

/** What shall be drawn for one job. */
export interface PictureRequest {
  readonly model: string;
  readonly prompt: string;
  readonly seed: number;
  readonly count: number;
  readonly format: Format;
  /** The pixels, or the reference picture whose pixels are taken. */
  readonly size: Size | { readonly like: string };
  /** Midjourney adds one picture with all others in it. */
  readonly grid?: true;
}

const formats: Readonly<Record<string, Format>> = { png: 'png', jpeg: 'jpeg', jpg: 'jpeg', webp: 'webp' };

export function toFormat(name: unknown, fallback: Format): Format {
  return (typeof name === 'string' && formats[name]) || fallback;
}
