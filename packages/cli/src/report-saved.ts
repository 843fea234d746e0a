import { show } from './destination.ts';
import { withEmulated } from './emulated.ts';
import type { Io } from './io.ts';
import type { SavedPicture } from './receipt.ts';
import { note, print, printJson } from './terminal/write.ts';

interface SavedBefore {
  readonly pictures: readonly SavedPicture[];
  readonly flags: { readonly json?: boolean; readonly intent?: string };
  readonly emulated: boolean;
}

/** The same request at the same place again: everything is there, nobody was asked, nothing is paid. */
export function reportSaved(io: Io, { pictures, flags, emulated }: SavedBefore): number {
  const { json = false, intent: intentId } = flags;
  const jobs = [...new Map(pictures.flatMap(({ job }) => (job ? [[job.id, job]] : []))).values()];
  const nothing = { warnings: [], jobs, attempts: [], failures: [], savedBefore: true };
  const cost = { amount: 0, currency: 'USD', source: 'reported' };
  if (json) printJson(io, withEmulated({ billed: 'no', intentId, images: pictures, cost, ...nothing }, emulated));
  else for (const { path } of pictures) print(io, show(path, io.cwd));
  note(io, `Saved before for --intent ${intentId}; nothing was sent, nothing was charged.`);
  return 0;
}
