import { errorTraits, ImageError } from '@imageport/core';
import type { CommanderError } from 'commander';
import type { Io } from './io.ts';
import { note, noteHelp, printJson } from './terminal/write.ts';
import { usage } from './usage.ts';
import { toFlags } from './words.ts';

/** Commander has said what was wrong; `--help` and `--version` are no errors. */
export function usageExit(io: Io, error: CommanderError, json: boolean): number {
  if (error.exitCode === 0 || error.code === 'commander.helpDisplayed') return 0;
  const hint = hints[error.code];
  if (hint) note(io, hint);
  const message = error.message.replace(/^error: /, '');
  if (json) printJson(io, { error: usage(message).toJSON() });
  return errorTraits.invalid_request.exit;
}

const hints: Readonly<Record<string, string>> = {
  'commander.excessArguments': 'A prompt of several words needs quotes: imageport generate "a lighthouse in fog"',
  'commander.unknownCommand': 'To make a picture: imageport generate "a lighthouse in fog"',
};

/** Says what went wrong and what it cost. Returns the exit code. */
export function reportFailure(io: Io, error: unknown, json: boolean): number {
  if (!ImageError.is(error)) return reportUnexpected(io, error, json);
  for (const line of describeError(error)) note(io, line);
  debug(io, error);
  if (json) printJson(io, { error: error.toJSON() });
  return errorTraits[error.code].exit;
}

/** The error and what it cost. Nothing is said about money where nothing was sent. */
export function describeError(error: ImageError): string[] {
  const { message, billed, stage, job, requestId, candidates = [], resumable } = error;
  const refunds = error.attempts.flatMap((each) => (each.refund && each.job ? [each.job] : []));
  return [
    ...toFlags(message)
      .split('\n')
      .map((line, index) => `${index === 0 ? 'error: ' : '       '}${line}`),
    ...(billed === 'no' && stage !== 'prepare' && refunds.length === 0 ? ['Nothing was charged.'] : []),
    ...refunds.map(
      ({ id, provider }) => `${provider} refunds job ${id}, but its refund was not seen yet: imageport resume checks.`,
    ),
    // What is resumable is described with the open jobs.
    ...(billed === 'yes' && !resumable ? [`It is charged: job ${job?.id} at ${job?.provider}.`] : []),
    ...(billed === 'unknown' ? ['It may have been charged.'] : []),
    ...(candidates.length > 0 ? [`Jobs that could be it: ${candidates.map(({ id }) => id).join(', ')}.`] : []),
    ...(requestId ? [`The host's request id: ${requestId}`] : []),
  ];
}

function reportUnexpected(io: Io, error: unknown, json: boolean): number {
  const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
  note(io, `error: something unexpected: ${message}`);
  if (io.env.IMAGEPORT_DEBUG) debug(io, error);
  else note(io, 'Set IMAGEPORT_DEBUG=1 to see where, and please report it.');
  if (json) printJson(io, { error: { code: 'unexpected', message } });
  return 1;
}

export function debug(io: Io, error: unknown): void {
  if (io.env.IMAGEPORT_DEBUG && error instanceof Error && error.stack) noteHelp(io, `${error.stack}\n`);
}
