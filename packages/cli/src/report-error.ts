import { errorTraits, ImageError } from '@imageport/core';
import type { CommanderError } from 'commander';
import { type Io, note, printJson } from './io.ts';
import { toFlags } from './words.ts';

const usageCode = 2;

/** Commander has said what was wrong; `--help` and `--version` are no errors. */
export function usageExit(io: Io, error: CommanderError, json: boolean): number {
  if (error.exitCode === 0 || error.code === 'commander.helpDisplayed') return 0;
  const hint = hints[error.code];
  if (hint) note(io, hint);
  const message = error.message.replace(/^error: /, '');
  if (json) printJson(io, { error: { code: 'invalid_request', message, billed: 'no' } });
  return usageCode;
}

const hints: Readonly<Record<string, string>> = {
  'commander.excessArguments': 'A prompt of several words needs quotes: imageport generate "a lighthouse in fog"',
  'commander.unknownCommand': 'To make a picture: imageport generate "a lighthouse in fog"',
};

/** Says what went wrong, what it cost and what to do. Returns the exit code. */
export function reportError(io: Io, error: unknown, json: boolean, more: readonly string[] = []): number {
  if (!ImageError.is(error)) return reportUnexpected(io, error, json);
  note(io, `error: ${toFlags(error.message)}`);
  for (const line of [...money(error), ...more]) note(io, line);
  debug(io, error);
  if (json) printJson(io, { error: error.toJSON() });
  return errorTraits[error.code].exit;
}

/** Nothing is said where nothing was sent. */
function money({ billed, stage, job, requestId, candidates }: ImageError): string[] {
  const lines: string[] = [];
  if (billed === 'no' && stage !== 'prepare') lines.push('Nothing was charged.');
  if (billed === 'yes') lines.push(`It is charged: job ${job?.id} at ${job?.provider}.`);
  if (billed === 'unknown') lines.push('It may have been charged.');
  if (candidates?.length) lines.push(`Jobs that could be it: ${candidates.map(({ id }) => id).join(', ')}.`);
  if (requestId) lines.push(`The host's request id: ${requestId}`);
  return lines;
}

function reportUnexpected(io: Io, error: unknown, json: boolean): number {
  const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
  note(io, `error: something unexpected: ${message}`);
  if (io.env.IMAGEPORT_DEBUG) debug(io, error);
  else note(io, 'Set IMAGEPORT_DEBUG=1 to see where, and please report it.');
  if (json) printJson(io, { error: { code: 'unexpected', message } });
  return 1;
}

function debug(io: Io, error: unknown): void {
  if (io.env.IMAGEPORT_DEBUG && error instanceof Error && error.stack) note(io, error.stack);
}
