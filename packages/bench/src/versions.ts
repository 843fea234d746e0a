import { readFileSync } from 'node:fs';
import { clients } from './clients/index.ts';

/** The version that is installed, from the package's own manifest. */
export function versionOf(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}

/** Every package at work, with its version; ours stand in this repository. */
export const versions = (): Record<string, string> =>
  Object.fromEntries([...new Set(clients.flatMap(({ packages }) => packages))].map((name) => [name, versionOf(name)]));
