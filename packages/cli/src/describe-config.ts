import type { LoadedConfig } from './config.ts';
import { showDuration } from './duration.ts';
import { isTrusted, type Trust } from './trust.ts';

const words: Readonly<Record<Trust, string>> = {
  given: 'given by --config',
  remembered: 'trusted',
  changed: 'changed since it was trusted',
  none: 'not trusted',
};

/** What a config would change, and whether its addresses may be used. */
export function describeConfig(config: LoadedConfig): string[] {
  const { source, trust = 'none', providers = {}, models = {}, out, timeout } = config;
  if (source === undefined) return [];
  const addresses = Object.entries(providers).flatMap(([name, host]) =>
    host?.baseUrl === undefined ? [] : [`  providers.${name}.baseUrl: ${new URL(host.baseUrl).href}`],
  );
  const isRefused = addresses.length > 0 && !isTrusted(trust);
  return [
    `${source} (${words[trust]}):`,
    ...addresses,
    ...(isRefused ? ['    refused until `imageport trust` or --config says that your key may go there'] : []),
    ...Object.entries(models).map(([name, route]) => `  models.${name}: ${[route].flat().join(', ')}`),
    ...(out === undefined ? [] : [`  out: ${out}`]),
    ...(timeout === undefined ? [] : [`  timeout: ${showDuration(timeout)}`]),
  ];
}

export function configToJson({ source, folder: _, trust, $schema: _schema, ...settings }: LoadedConfig): object | null {
  return source === undefined ? null : { file: source, trust, settings };
}
