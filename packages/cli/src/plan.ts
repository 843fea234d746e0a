import type { ImageModel, ImageOptions } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import type { LoadedConfig } from './config.ts';
import { configuredOut } from './configured-out.ts';
import type { Io } from './io.ts';
import { type CallFlags, type ModelFlags, type RequestFlags, toOptions } from './request-flags.ts';
import { chooseRoute } from './route.ts';
import { type Asking, readSettings } from './settings.ts';

/** The options of any verb, without the models. */
export type OptionsOf<Options extends ImageOptions = ImageOptions> = Options extends unknown
  ? Omit<Options, 'model'>
  : never;

/** What flags, config and accounts come to: options for core, and where the pictures go. */
export interface Plan {
  readonly route: readonly ImageModel[];
  readonly options: OptionsOf;
  readonly out: string | undefined;
  /** What the names of the files are made of. */
  readonly words: string;
  /** Reference pictures, for a model that has a variant with them. */
  readonly images: readonly string[];
}

export interface Setting {
  readonly config: LoadedConfig;
  readonly accounts: Accounts;
  readonly io: Io;
}

/** Flags win over the config. */
export async function makePlan(prompt: string, flags: RequestFlags, setting: Setting): Promise<Plan> {
  const options = await toOptions(prompt, flags, setting.io.cwd);
  const place = await routeAndPlace(flags, setting);
  const { images = [], mask, unchecked } = options;
  return {
    ...place,
    options: withTimeout({ ...options, ...withSettings(flags, place.route, { images, mask, unchecked }) }, setting),
    words: prompt,
    images: flags.image,
  };
}

/** The part of a plan that all verbs have alike. `fallback`: what is asked where no model is named. */
export async function routeAndPlace(
  { model, provider, unchecked, out }: ModelFlags & CallFlags,
  { config, accounts }: Setting,
  fallback?: readonly string[],
): Promise<Pick<Plan, 'route' | 'out'>> {
  return {
    route: await chooseRoute({ models: model, provider, unchecked, fallback }, config, accounts),
    out: out ?? (await configuredOut(config)),
  };
}

/** What `--set` says, as the option of core that it is; nothing where it was not given. */
export const withSettings = ({ set }: CallFlags, route: readonly ImageModel[], asking: Asking) =>
  set === undefined ? {} : { providerOptions: readSettings(set, route, asking) };

export const withTimeout = <Options extends { timeout?: number | undefined }>(
  options: Options,
  { config }: Setting,
): Options => ({ ...options, timeout: options.timeout ?? config.timeout });
