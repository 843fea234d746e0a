import { type GeneratedImage, type ImageOptions, streamImage } from '@imageport/core';
import type { Accounts } from './accounts.ts';
import { type Interrupted, watchSignals } from './interrupt.ts';
import type { Io } from './io.ts';
import { followJobs } from './open-jobs.ts';
import { showProgress } from './progress.ts';
import type { Receipt } from './receipt.ts';
import { reportResult, type Saved, toJsonImage } from './report.ts';
import { reportEnd } from './report-end.ts';
import { type SaveOptions, saveOrThrow } from './save.ts';

export interface Surroundings {
  readonly io: Io;
  readonly accounts: Accounts;
  readonly json: boolean;
  /** The command that finishes the jobs that this one leaves unfinished. */
  readonly resume: string;
}

export interface Place extends Omit<SaveOptions, 'index' | 'signal'> {
  readonly receipt?: Receipt | undefined;
}

/** Makes the pictures of one call, saves each as soon as it is there, and reports. Returns the exit code. */
export async function make(
  { io, accounts, json, resume }: Surroundings,
  options: ImageOptions,
  place: Place,
): Promise<number> {
  const interruption = watchSignals(io);
  const open = followJobs();
  const progress = showProgress(io, place.n);
  const saved = new Map<GeneratedImage, Saved>();
  const { signal } = interruption;
  try {
    const { result: end } = streamImage({
      ...options,
      signal,
      onEvent(event) {
        open.onEvent(event);
        progress.onEvent(event);
      },
      async deliver(image) {
        progress.phase(place.n > 1 ? `downloading ${saved.size + 1} of ${place.n}` : `downloading`);
        await save(image, saved, { ...place, index: open.pictureOf(image.job), signal });
      },
    });
    const result = await end;
    progress.stop();
    const exitCode = reportResult(
      io,
      { result, saved, accounts, resume, left: open.jobs(), told: progress.told },
      json,
    );
    return signal.aborted ? (signal.reason as Interrupted).exitCode : exitCode;
  } catch (error) {
    progress.stop();
    const isNamed = options.intentId !== undefined;
    return reportEnd(io, error, { saved, open, accounts, json, resume, isNamed });
  } finally {
    progress.stop();
    interruption.stop();
  }
}

/** What cannot be saved is noted and thrown: its intent stays unfinished, and the other pictures go on. */
async function save(
  image: GeneratedImage,
  saved: Map<GeneratedImage, Saved>,
  { receipt, ...options }: SaveOptions & Pick<Place, 'receipt'>,
): Promise<void> {
  try {
    // Another command with the same `--intent` may have been first.
    const before = await receipt?.find(options.index);
    const path = before?.path ?? (await saveOrThrow(image, options));
    saved.set(image, { path });
    if (!before) await receipt?.add(options.index, { ...toJsonImage(image, { path }), path });
  } catch (error) {
    saved.set(image, { problem: options.signal.aborted ? 'interrupted' : (error as Error).message });
    throw error;
  }
}
