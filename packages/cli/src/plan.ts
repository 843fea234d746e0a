import type { GenerateImageOptions, ImageModel } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import type { LoadedConfig } from './config.ts';
import { configuredOut } from './configured-out.ts';
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
    route: await chooseRoute(
      { models: flags.model, provider: flags.provider, unchecked: flags.unchecked },
      config,
      accounts,
    ),
    options: { ...options, timeout: options.timeout ?? config.timeout },
    out: flags.out ?? (await configuredOut(config)),
  };
}
