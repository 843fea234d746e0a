import type { ImageModelV4, ImageModelV4CallOptions } from '@ai-sdk/provider';
import { createMemoryLedger, createRegistry, type Ledger } from '@imageport/core';
import type { Charge } from '@imageport/emulator';
import * as seven from 'ai';
import * as six from 'ai-6';
import { createImageport, type ImageportOptions } from '../src/index.ts';
import { createImageport as createForSix } from '../src/v3.ts';
import { createWorld, type HostName, type World } from './world.ts';

Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

/** Both versions of the AI SDK, which differ in the types of their models alone. */
export const versions = ['ai 7', 'ai 6'] as const;
export type SdkVersion = (typeof versions)[number];

type Options = Parameters<typeof seven.generateImage>[0];
export type Wanted = Omit<Options, 'model' | 'prompt'> & Partial<Pick<Options, 'prompt'>>;
export type Result = Awaited<ReturnType<typeof seven.generateImage>>;

export interface Door {
  readonly world: World;
  /** The AI SDK itself makes a picture with the provider. */
  make(options?: Wanted): Promise<Result>;
  charges(): readonly Charge[];
}

export const prompt = 'a lighthouse in fog at dawn';

export interface DoorOptions extends Partial<Pick<ImageportOptions, 'timeout' | 'scope'>> {
  readonly ledger?: Ledger;
  readonly version?: SdkVersion;
  readonly host?: HostName;
  readonly modelId?: string;
  readonly world?: World;
  /** Stands between the AI SDK and the model. @default nothing */
  readonly middleware?: seven.ImageModelMiddleware;
}

/** Opens the provider on the emulator, as a program does that has just been started. */
export function openDoor(options: DoorOptions = {}): Door {
  const { version = 'ai 7', host = 'wavespeed', modelId = 'seedream-4', world = createWorld() } = options;
  const { ledger = createMemoryLedger(), timeout, scope, middleware = {} } = options;
  const registry = createRegistry({ models: { hero: `${host}:${modelId}` } }, [world.wavespeed, world.apiframe]);
  const asked = { registry, ledger, timeout, scope };
  const forSix = createForSix(asked)('hero');
  const forSeven = seven.wrapImageModel({ model: createImageport(asked)('hero'), middleware });
  return {
    world,
    make: (wanted = {}) =>
      version === 'ai 7'
        ? seven.generateImage({ prompt, ...wanted, model: forSeven })
        : (six.generateImage({ prompt, ...wanted, model: forSix } as never) as unknown as Promise<Result>),
    charges: () => world.emulator.charges(),
  };
}

/** The jobs that the metadata of a result names, one for each picture. */
export const jobsOf = ({ imageport }: Result['providerMetadata']): readonly string[] =>
  (imageport?.images ?? []).map((each) => (each as { readonly jobId: string }).jobId);

/** A model by itself, as the AI SDK calls it. */
export const ask = (model: ImageModelV4, options: Partial<ImageModelV4CallOptions> = {}) =>
  Promise.resolve(
    model.doGenerate({
      ...{ prompt, n: 1, size: undefined, aspectRatio: undefined, seed: undefined },
      ...{ files: undefined, mask: undefined, providerOptions: {} },
      ...options,
    }),
  );
