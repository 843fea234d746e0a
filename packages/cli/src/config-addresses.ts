import type { Config } from './config-schema.ts';
import { hosts } from './hosts.ts';

/** An address other than the host's own, where a config would send its key. */
export interface ConfigAddress {
  readonly provider: string;
  readonly url: string;
}

/** Those on this machine count too: whoever listens on a port there, another user perhaps, would get the key. */
export const addressesOf = ({ providers = {} }: Pick<Config, 'providers'>): ConfigAddress[] =>
  hosts.flatMap(({ name, adapter }) => {
    const { baseUrl } = providers[name] ?? {};
    if (baseUrl === undefined) return [];
    const url = new URL(baseUrl);
    return url.origin === new URL(adapter.baseUrl).origin
      ? []
      : [{ provider: name, url: url.href.replace(/\/+$/, '') }];
  });
