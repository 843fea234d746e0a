import { redact } from '@imageport/core';
import { toFlags } from '../flag-words.ts';
import type { Io } from '../io.ts';
import { oneLine, safeJson, severalLines } from './safe-text.ts';

// The one place that writes to the streams: nothing that a host, a file or an argument says reaches a terminal otherwise.

/** One line of progress or a note, which whoever wants quiet does not need. */
export const note = (io: Io, line: string): void => {
  if (!io.quiet) warn(io, line);
};

/** One line of a warning, an error, or what either leaves behind. */
export const warn = (io: Io, line: string): void => void io.stderr.write(`${shown(io, line)}\n`);

/** One line of the result. */
export const print = (io: Io, line: string): void => void io.stdout.write(`${shown(io, line)}\n`);

/** A line of ours that is there to show a key. */
export const printKey = ({ stdout }: Io, line: string): void => void stdout.write(`${oneLine(line)}\n`);

/** The result for machines: one JSON object. */
export const printJson = (io: Io, value: unknown): void => writeJson(io, value, 2);

/** One of many results for machines: a line of its own. */
export const printJsonLine = (io: Io, value: unknown): void => writeJson(io, value, 0);

function writeJson(io: Io, value: unknown, indent: number): void {
  const clean = (name: string, member: unknown): unknown =>
    typeof member === 'string' ? told(io, spoken.has(name) ? toFlags(member) : member) : member;
  io.stdout.write(`${safeJson(JSON.stringify(value, clean, indent))}\n`);
}

/** Members of JSON that hold a sentence, which speaks of flags as everywhere else. */
const spoken: ReadonlySet<string> = new Set(['message', 'reason', 'problem']);

/** Help and the like, whose line breaks are meant. */
export const printHelp = (io: Io, text: string): void => void io.stdout.write(told(io, severalLines(text)));

/** The same for what went wrong. */
export const noteHelp = (io: Io, text: string): void => void io.stderr.write(told(io, severalLines(text)));

/** A text of ours for a shell to run, in which a changed sign would be another script. */
export const printScript = ({ stdout }: Io, script: string): void => void stdout.write(severalLines(script));

/** Columns of the terminal that shows the result. */
export const widthOf = ({ stdout }: Io): number => stdout.columns ?? 100;

/** A text as it may be shown: one line, without what a terminal obeys, without keys and signed addresses. */
export const shown = (io: Pick<Io, 'env'>, text: string): string => told(io, oneLine(text));

/** Taken out last: what was hidden in a key splits it no longer. */
const told = ({ env }: Pick<Io, 'env'>, text: string): string => redact(text, keysOf(env));

const known = new WeakMap<Io['env'], readonly string[]>();

/** A shorter value is no secret, but a word such as "ollama", where a program wants any value at all. */
const leastLength = 8;

function keysOf(env: Io['env']): readonly string[] {
  const keys =
    known.get(env) ??
    Object.entries(env).flatMap(([name, value = '']) =>
      name.endsWith('_API_KEY') && value.trim().length >= leastLength ? [value.trim()] : [],
    );
  known.set(env, keys);
  return keys;
}
