import type { ImageEvent } from '@imageport/core';
import type { Io } from '../io.ts';
import { startStatusLine } from '../terminal/status-line.ts';

/** One line about all pictures, for a terminal that shows one. */
export interface BatchProgress {
  onEvent(event: ImageEvent): void;
  /** So many pictures have ended, one way or the other. */
  ended(pictures: number): void;
  stop(): void;
}

const words: Readonly<Partial<Record<ImageEvent['type'], string>>> = {
  queued: 'queued',
  submitting: 'submitting',
  retrying: 'retrying',
  reconciling: 'searching',
  accepted: 'processing',
  polling: 'processing',
  progress: 'processing',
};

export function showBatch(io: Io, total: number): BatchProgress {
  const line = startStatusLine(io);
  const phases = new Map<string, string>();
  let ended = 0;
  const draw = (): void => {
    const running = [...phases.values()];
    const counts = [...new Set(running)].map((word) => `${running.filter((each) => each === word).length} ${word}`);
    line?.set([`${ended} of ${total} done`, ...counts].join(', '));
  };
  return {
    onEvent({ type, intentId, picture }) {
      const name = `${intentId} ${picture}`;
      const word = words[type];
      if (word !== undefined) phases.set(name, word);
      else if (type === 'settled') phases.delete(name);
      draw();
    },
    ended(pictures) {
      ended += pictures;
      draw();
    },
    stop: () => line?.stop(),
  };
}
