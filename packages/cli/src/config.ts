import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { type Config, configSchema } from './config-schema.ts';
import { usage } from './usage.ts';

const defaultName = 'imageport.config.json';

export interface LoadedConfig extends Config {
  /** The file as errors name it, and the folder it stands in. */
  readonly source?: string;
  readonly folder?: string;
}

/** Reads `--config`, or `imageport.config.json` where there is one. */
export async function loadConfig(given: string | undefined, cwd: string): Promise<LoadedConfig> {
  const name = given ?? defaultName;
  const path = resolve(cwd, name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && given === undefined) return undefined;
    throw usage(
      `${name}: the config cannot be read (${error.code === 'ENOENT' ? 'there is no such file' : error.code})`,
    );
  });
  if (text === undefined) return {};
  return { ...check(name, parse(name, text)), source: name, folder: dirname(path) };
}

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

/** Where something stands that must not stand in a file. */
function findSecret(value: unknown, path: readonly string[]): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || path[0] === 'models') return undefined;
  for (const [name, member] of Object.entries(value)) {
    const here = [...path, name];
    if (/key|token|secret|password|authorization/i.test(name)) return here;
    const deeper = findSecret(member, here);
    if (deeper) return deeper;
  }
  return undefined;
}
