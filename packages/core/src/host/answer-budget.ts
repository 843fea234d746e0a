/** Bytes of answers that all the calls of a process hold at a time while they come. */
const mostHeld = 64 * 1024 * 1024;
/** An answer without a picture in it is not worth counting. */
const leastCounted = 256 * 1024;

/**
 * Answers that carry pictures are large, and many calls wait for them. What is beyond the budget waits at its host until
 * others have been read; the one that began first goes on in any case, so that all of them end.
 */
export interface AnswerBudget {
  /** Notes that a reader has so many bytes by now, and calls `goOn`, at once or later, when it may take more. */
  hold(reader: object, size: number, goOn: () => void): void;
  /** The reader holds nothing any more. */
  release(reader: object): void;
}

export function createAnswerBudget(most = mostHeld): AnswerBudget {
  const readers = new Map<object, { size: number; goOn?: (() => void) | undefined }>();
  let held = 0;
  const wake = (): void => {
    let isFirst = true;
    for (const [, reader] of readers) {
      const { goOn } = reader;
      if (goOn && (isFirst || held <= most)) {
        reader.goOn = undefined;
        goOn();
      }
      isFirst = false;
    }
  };
  return {
    hold(reader, size, goOn) {
      if (size < leastCounted) return goOn();
      held += size - (readers.get(reader)?.size ?? 0);
      const entry = readers.get(reader) ?? { size };
      readers.set(reader, Object.assign(entry, { size, goOn }));
      wake();
    },
    release(reader) {
      held -= readers.get(reader)?.size ?? 0;
      if (readers.delete(reader)) wake();
    },
  };
}

/** That of this process. */
export const answers = createAnswerBudget();
