import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { type Config, configSchema } from './config-schema.ts';
import type { Io } from './io.ts';
import { readBounded } from './read-bounded.ts';
import { recallTrust, type Trust, type TrustedFile } from './trust.ts';
import { usage } from './usage.ts';

export const configName = 'imageport.config.json';
const mostBytes = 1024 * 1024;

export interface LoadedConfig extends Config {
  /** The file as errors name it, and the folder it stands in. */
  readonly source?: string;
  readonly folder?: string;
  /** Whether its addresses may be used. */
  readonly trust?: Trust;
}

/** A config as it was read: parsed and hashed are the same bytes. */
export interface ConfigFile extends TrustedFile {
  readonly config: Config;
}

/** Reads `--config`, or `imageport.config.json` where there is one. */
export async function loadConfig(given: string | undefined, io: Pick<Io, 'cwd' | 'env'>): Promise<LoadedConfig> {
  const name = given ?? configName;
  const file = await readConfig(name, io.cwd);
  if (!file && given === undefined) return {};
  if (!file) throw usage(`${name}: the config cannot be read (there is no such file)`);
  const trust = given === undefined ? await recallTrust(file, io) : 'given';
  return { ...file.config, source: name, folder: dirname(resolve(io.cwd, name)), trust };
}

/** Undefined where there is no such file. */
export async function readConfig(name: string, cwd: string): Promise<ConfigFile | undefined> {
  const path = resolve(cwd, name);
  const bytes = await readBounded(path, mostBytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw usage(`${name}: the config cannot be read (${problems[error.code ?? ''] ?? error.code})`);
  });
  if (bytes === undefined) return undefined;
  return { path: await realpath(path), bytes, config: check(name, parse(name, bytes.toString('utf8'))) };
}

const problems: Readonly<Record<string, string>> = {
  EISDIR: 'this is a folder; give the file in it',
  EFBIG: 'it is larger than 1 MiB',
  'not regular': 'it is not a regular file',
};

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The runtime quotes the text around the problem, which may hold a secret.
    const problem = (error as Error).message.replace(/, (\.\.\.)?".*$/s, '');
    throw usage(`${name}: this is not JSON: ${problem}`);
  }
}

function check(name: string, value: unknown): Config {
  const secret = findSecret(value, []);
  if (secret) {
    throw usage(
      `${name}: "${secret.join('.')}" looks like a secret. Keys belong in the environment: WAVESPEED_API_KEY, APIFRAME_API_KEY`,
    );
  }
  if (Array.isArray(value)) throw usage(`${name}: the config must be an object in braces`);
  const result = v.safeParse(configSchema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw usage(`${name}: ${describe(issue)}`);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? undefined;
  const where = path ? `"${path}"` : 'the config';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const owner = path?.includes('.') ? `"${path.replace(/\.[^.]*$/, '')}"` : 'the config';
    return `${where} is not a setting; ${owner} may hold ${known(path)}`;
  }
  return `${where} must be ${expectation(issue, path ?? '')}`;
}

function expectation({ type, requirement, expected }: v.BaseIssue<unknown>, path: string): string {
  if (path.startsWith('models.') || type === 'regex')
    return '"provider:model", such as "wavespeed:seedream-4", or a list of them';
  if (type === 'url') return 'an address, such as "https://api.example.com"';
  if (type === 'min_value') return `a whole number of milliseconds, ${requirement} or more`;
  if (type === 'integer' || path === 'timeout') return 'a whole number of milliseconds';
  if (expected === 'string' || type === 'min_length') return 'text';
  return 'an object in braces';
}

function known(path = ''): string {
  const inHost = /^providers\.\w+\./.test(path);
  if (inHost) return 'baseUrl';
  const { entries } = path.startsWith('providers.') ? configSchema.entries.providers.wrapped : configSchema;
  return Object.keys(entries).join(', ');
}

/** Deeper than anything in a config; what is, is refused as unknown. */
const deepest = 8;

/** Whether the members are called as somebody likes: models, and what the gateway says of them. */
const isNames = ([first, second]: readonly string[]): boolean =>
  first === 'models' || (first === 'gateway' && second !== undefined);

/** Where something stands that must not stand in a file. */
function findSecret(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || isNames(path) || path.length > deepest) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const here = [...path, name];
    if (/key|token|secret|password|authorization/i.test(name)) return here;
    const deeper = findSecret(member, here);
    if (deeper) return deeper;
  }
  return undefined;
}
