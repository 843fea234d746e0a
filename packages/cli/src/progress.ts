import type { ImageEvent } from '@imageport/core';
import { showDuration } from './duration.ts';
import { toFlags } from './flag-words.ts';
import type { Io } from './io.ts';
import { startStatusLine } from './terminal/status-line.ts';
import { note, warn } from './terminal/write.ts';

/** The phase line of a terminal: what is going on with `n` pictures, and for how long. Anywhere else it is silent. */
export interface Progress {
  onEvent(event: ImageEvent): void;
  phase(text: string): void;
  /** Warnings that were shown as they came. */
  readonly told: ReadonlySet<string>;
  stop(): void;
}

export function showProgress(io: Io, n: number): Progress {
  const phases = new Map<string, string>();
  const told = new Set<string>();
  const line = startStatusLine(io);
  return {
    told,
    onEvent(event) {
      if (event.type === 'warning') {
        warn(io, `warning: ${toFlags(event.message)}`);
        told.add(toFlags(event.message));
      }
      if (event.type === 'fallback') note(io, `${toFlags(event.reason)} Going on with ${event.to}.`);
      const phase = describe(event);
      if (phase === undefined) return;
      phases.set(event.intentId, n > 1 ? (phase.split(' ')[0] ?? phase) : phase);
      line?.set(summarise([...phases.values()]));
    },
    phase: (text) => line?.set(text),
    stop: () => line?.stop(),
  };
}

function describe(event: ImageEvent): string | undefined {
  switch (event.type) {
    case 'queued':
      return `queued at ${event.provider} (${event.ahead} ahead)`;
    case 'submitting':
      return `submitting to ${event.provider}:${event.modelId}`;
    case 'retrying':
      return `retrying at ${event.provider} in ${showDuration(event.delay)} (${event.code})`;
    case 'reconciling':
      return `searching for the job at ${event.provider}`;
    case 'accepted':
      return `accepted as job ${event.job.id}`;
    case 'progress': {
      const percent = event.progress === undefined ? '' : ` ${Math.round(event.progress)} %`;
      return `${event.state}${percent} (job ${event.job.id})`;
    }
    default:
      return undefined;
  }
}

/** One phase as it is; several as numbers: "3 processing, 1 completed". */
function summarise(phases: readonly string[]): string {
  const [first = ''] = phases;
  if (phases.length === 1) return first;
  const words = [...new Set(phases)];
  return words.map((word) => `${phases.filter((phase) => phase === word).length} ${word}`).join(', ');
}
