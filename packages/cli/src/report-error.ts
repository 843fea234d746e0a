import { errorTraits, ImageError } from '@imageport/core';
import type { CommanderError } from 'commander';
import { toFlags } from './flag-words.ts';
import type { Io } from './io.ts';
import { noteHelp, printJson, warn } from './terminal/write.ts';
import { usage } from './usage.ts';

/** Commander has said what was wrong; `--help` and `--version` are no errors. */
export function usageExit(
  io: Io,
  error: CommanderError,
  { json, hint }: { readonly json: boolean; readonly hint: string | undefined },
): number {
  if (error.exitCode === 0 || error.code === 'commander.helpDisplayed') return 0;
  if (hint !== undefined) warn(io, hint);
  const message = error.message.replace(/^error: /, '');
  if (json) printJson(io, { error: usage(message).toJSON() });
  return errorTraits.invalid_request.exit;
}

/** Says what went wrong and what it cost. Returns the exit code. */
export function reportFailure(io: Io, error: unknown, json: boolean): number {
  if (!ImageError.is(error)) return reportUnexpected(io, error, json);
  for (const line of describeError(error)) warn(io, line);
  debug(io, error);
  if (json) printJson(io, { error: error.toJSON() });
  return errorTraits[error.code].exit;
}

/** The error and what it cost. Nothing is said about money where nothing was sent. */
export function describeError(error: ImageError): string[] {
  const { message, billed, stage, job, requestId, candidates = [], resumable } = error;
  const refunds = error.attempts.flatMap((each) => (each.refund && each.job ? [each.job] : []));
  return [
    ...toFlags(isOverBudget(error) ? reasonsOf(error) : message)
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

const isOverBudget = ({ reason, attempts }: ImageError): boolean => reason === 'over_budget' && attempts.length > 1;

/** No model may be asked for the money: then what each would cost counts, not only the last. */
const reasonsOf = ({ attempts }: ImageError): string => attempts.flatMap(({ reason }) => reason ?? []).join('\n');

function reportUnexpected(io: Io, error: unknown, json: boolean): number {
  const [message = ''] = String(error instanceof Error ? error.message : error).split('\n');
  warn(io, `error: something unexpected: ${message}`);
  if (io.env.IMAGEPORT_DEBUG) debug(io, error);
  else warn(io, 'Set IMAGEPORT_DEBUG=1 to see where, and please report it.');
  if (json) printJson(io, { error: { code: 'unexpected', message } });
  return 1;
}

export function debug(io: Io, error: unknown): void {
  if (io.env.IMAGEPORT_DEBUG && error instanceof Error && error.stack) noteHelp(io, `${error.stack}\n`);
}
