import { resolve } from 'node:path';
import type { GenerateImageOptions, ImageModel } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import type { LoadedConfig } from './config.ts';
import type { Io } from './io.ts';
import { type RequestFlags, toOptions } from './request-flags.ts';
import { chooseRoute } from './route.ts';

/** What flags, config and accounts come to: options for core, and where the pictures go. */
export interface Plan {
  readonly route: readonly ImageModel[];
  readonly options: Omit<GenerateImageOptions, 'model'>;
  readonly out: string | undefined;
}

/** Flags win over the config. */
export async function makePlan(
  prompt: string,
  flags: RequestFlags,
  { config, accounts, io }: { readonly config: LoadedConfig; readonly accounts: Accounts; readonly io: Io },
): Promise<Plan> {
  const options = await toOptions(prompt, flags, io.cwd);
  return {
    route: chooseRoute({ models: flags.model, provider: flags.provider }, config, accounts),
    options: { ...options, timeout: options.timeout ?? config.timeout },
    out: flags.out ?? configuredOut(config),
  };
}

/** In the config a path starts at the config's own folder; a slash at its end still means a folder. */
export function configuredOut({ out, folder = '' }: LoadedConfig): string | undefined {
  if (out === undefined) return undefined;
  return `${resolve(folder, out)}${/[\\/]$/.test(out) ? '/' : ''}`;
}
