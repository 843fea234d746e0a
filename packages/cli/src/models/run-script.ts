import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { Io } from '../io.ts';
import { refusal } from '../usage.ts';

export interface Script {
  /** Where the clone is, and the script in it. */
  readonly root: string;
  readonly path: string;
  readonly args?: readonly string[];
  /** What it reads from stdin. */
  readonly input?: string;
}

/** Runs a script of the clone, without any key. Returns the lines that it prints; throws with its words where it fails. */
export async function runScript(
  { root, path, args = [], input = '' }: Script,
  { env }: Pick<Io, 'env'>,
): Promise<string[]> {
  const child = spawn(process.execPath, [join(root, path), ...args], {
    ...{ cwd: root, env: withoutKeys(env), stdio: ['pipe', 'pipe', 'pipe'] },
  });
  const [read, says, complains] = child.stdio;
  // A script that ends before it has read everything says why.
  read.on('error', () => undefined).end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [code, printed, problem] = await Promise.all([ended, text(says), text(complains)]);
  if (code !== 0) throw refusal('invalid_response', `${path} ended with code ${code}: ${lastWords(problem)}`);
  return printed.split('\n').filter((line) => line !== '');
}

const withoutKeys = (env: Io['env']): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/_API_KEY$/i.test(name)));

/** The line that names the error, or else the last one. */
function lastWords(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'it says nothing';
}
