// Checked by `tsc -b`: both versions of the AI SDK take the models, and an option that there is not does not compile.
import type { ImageModelV4, ImageModelV3 as NewImageModelV3, ProviderV4 } from '@ai-sdk/provider';
import type { ImageModelV3, ProviderV3 } from '@ai-sdk/provider-3';
import { createRegistry, type ImageError } from '@imageport/core';
import { wavespeed } from '@imageport/wavespeed';
import type { generateImage, ImageModel } from 'ai';
import { MockImageModelV4 } from 'ai/test';
import type { generateImage as generateForSix, ImageModel as ImageModelForSix } from 'ai-6';
import { MockImageModelV3 } from 'ai-6/test';
import { expectTypeOf } from 'vitest';
import { createImageport, type ImageportCallOptions, type ImageportProvider, imageErrorOf } from '../src/index.ts';
import { createImageport as createForSix } from '../src/v3.ts';

const registry = createRegistry({}, [wavespeed]);
const seven = createImageport({ registry, timeout: 60_000, ledger: undefined });
const six = createForSix({ models: { hero: [wavespeed('seedream-4')] } });

expectTypeOf(seven).toEqualTypeOf<ImageportProvider>();
expectTypeOf(seven).toExtend<ProviderV4>();
expectTypeOf(seven('hero')).toEqualTypeOf<ImageModelV4>();
expectTypeOf(seven('hero')).toExtend<ImageModel>();
expectTypeOf(seven('hero')).toExtend<Parameters<typeof generateImage>[0]['model']>();
expectTypeOf(seven('hero').doGenerate).toExtend<MockImageModelV4['doGenerate']>();
expectTypeOf(six).toExtend<ProviderV3>();
expectTypeOf(six.image('hero')).toExtend<ImageModelV3>();
expectTypeOf(six('hero')).toExtend<NewImageModelV3>();
expectTypeOf(six('hero')).toExtend<ImageModelForSix>();
expectTypeOf(six('hero')).toExtend<Parameters<typeof generateForSix>[0]['model']>();
expectTypeOf(six('hero').doGenerate).toExtend<MockImageModelV3['doGenerate']>();

// What the mocks of the AI SDK are made of.
expectTypeOf(MockImageModelV4).toBeConstructibleWith({ doGenerate: seven('hero').doGenerate });
expectTypeOf(MockImageModelV3).toBeConstructibleWith({ doGenerate: six('hero').doGenerate });

expectTypeOf(imageErrorOf).returns.toEqualTypeOf<ImageError | undefined>();
expectTypeOf({ resolution: '2K', maxCost: { USD: 1 }, order: 'cheapest' } as const).toExtend<ImageportCallOptions>();
expectTypeOf({ resolution: 'large' } as const).not.toExtend<ImageportCallOptions>();

// @ts-expect-error routes have names of their own in `models`, which a registry has already
createImageport({ registry, models: {} });
// @ts-expect-error where the names lead must be said
createImageport({ timeout: 1_000 });
// @ts-expect-error the intent is of a call, not of all calls
createImageport({ registry, intentId: 'order-4713' });
// @ts-expect-error the AI SDK has the model, not the provider
createImageport({ registry, model: wavespeed('seedream-4') });
