import type { ImageModelV4CallOptions, ImageModelV4Result, SharedV3Warning } from '@ai-sdk/provider';

// `ai` 6 brings an older @ai-sdk/provider, whose JSON is not that of the newer one: these types fit both.

type Plain = null | string | number | boolean | { [name: string]: Plain } | Plain[];

type File =
  | { type: 'file'; mediaType: string; data: string | Uint8Array; providerOptions?: object }
  | { type: 'url'; url: string; providerOptions?: object };

export interface ImageCallOptions extends Omit<ImageModelV4CallOptions, 'files' | 'mask' | 'providerOptions'> {
  files: File[] | undefined;
  mask: File | undefined;
  providerOptions: Record<string, object>;
}

export interface ImageResult extends Pick<ImageModelV4Result, 'response'> {
  images: Uint8Array[];
  warnings: SharedV3Warning[];
  /** Under `imageport`; `images` has one entry for each picture. */
  providerMetadata: Record<string, { images: Plain[] } & { [name: string]: Plain }>;
}

/** An `ImageModelV3`, as `ai` 6 takes it. */
export interface ImageModel {
  readonly specificationVersion: 'v3';
  readonly provider: string;
  readonly modelId: string;
  readonly maxImagesPerCall: number;
  doGenerate(options: ImageCallOptions): Promise<ImageResult>;
}
