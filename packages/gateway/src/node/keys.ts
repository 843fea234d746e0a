import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import type { GatewayKey } from '../keys.ts';
import { invalidSetting } from '../settings.ts';

const amount = v.optional(v.pipe(v.number(), v.minValue(0)));

/** A file of keys: a list, as JSON. */
export const keysSchema = v.array(
  v.strictObject({
    id: v.pipe(v.string(), v.regex(/^[\w.@-]{1,64}$/), v.description('Whose key it is.')),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i), v.description('SHA-256 of the key, in hexadecimal digits.')),
    models: v.optional(v.array(v.string())),
    budget: v.optional(
      v.strictObject({ USD: amount, credit: amount, per: v.optional(v.picklist(['day', 'month', 'total'])) }),
    ),
    concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  }),
);

const mostBytes = 1024 * 1024;

/**
 * The keys of a file, which is read again whenever it has changed: who is taken out of it is refused at once. Throws
 * `invalid_request` if it cannot be read now; a request fails while it cannot be read later.
 */
export function openKeys(path: string): () => Promise<readonly GatewayKey[]> {
  let keys = readKeys(path);
  let stamp = stampOf(statSync(path));
  return async () => {
    const found = stampOf(await stat(path));
    if (found !== stamp) {
      keys = readKeys(path);
      stamp = found;
    }
    return keys;
  };
}

const stampOf = ({ mtimeMs, size, ino }: { mtimeMs: number; size: number; ino: number }): string =>
  [mtimeMs, size, ino].join(' ');

function readKeys(path: string): readonly GatewayKey[] {
  const result = v.safeParse(keysSchema, parse(path), { abortEarly: true });
  if (!result.success) {
    const [issue] = result.issues;
    const place = JSON.stringify(v.getDotPath(issue) ?? 'the file');
    throw invalidSetting(`${path}: ${place} must be ${expectation(issue)}`);
  }
  const ids = result.output.map(({ id }) => id);
  const twice = ids.find((id, place) => ids.indexOf(id) < place);
  if (twice !== undefined) throw invalidSetting(`${path}: two keys have the id "${twice}"; give each its own`);
  return result.output;
}

/** Never what stands there, which may be the key itself. */
const expectation = ({ type, expected }: v.BaseIssue<unknown>): string =>
  type === 'regex'
    ? 'as documented: 64 hexadecimal digits, or an id of letters, digits and . _ - @'
    : (expected ?? type);

function parse(path: string): unknown {
  const problem = (why: string) => invalidSetting(`${path}: the keys cannot be read (${why})`);
  let text: string;
  try {
    if (statSync(path).size > mostBytes) throw problem('the file is larger than 1 MiB');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : problem(code);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw problem('it is not JSON');
  }
}
