/** Bytes of answers that all the calls of a process hold at a time while they come. */
const mostHeld = 64 * 1024 * 1024;
/** An answer that is no larger carries no picture, and neither counts nor waits. */
const leastCounted = 2 * 1024 * 1024;
/** Milliseconds for which an answer waits for others. */
const patience = 5_000;

/**
 * Answers that carry pictures are large, and many calls wait for them. What is beyond the budget waits at its host until
 * others have been read, but not for long: a host that sends slowly must not hold up the calls at another.
 */
export interface AnswerBudget {
  /** Notes that a reader has so many bytes by now, and calls `goOn`, at once or later, when it may take more. */
  hold(reader: object, size: number, goOn: () => void): void;
  /** The reader holds nothing any more. */
  release(reader: object): void;
}

interface Reader {
  size: number;
  goOn: (() => void) | undefined;
  /** Runs from its first wait on. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** It has waited long enough. */
  isFree: boolean;
}

export function createAnswerBudget(most = mostHeld, least = leastCounted): AnswerBudget {
  const readers = new Map<object, Reader>();
  let held = 0;
  const wake = (): void => {
    let isFirst = true;
    for (const [, reader] of readers) {
      if (isFirst || reader.isFree || held <= most) goOnWith(reader);
      isFirst = false;
    }
  };
  return {
    hold(reader, size, goOn) {
      if (size < least) return goOn();
      const entry = readers.get(reader) ?? { size: 0, goOn, timer: undefined, isFree: false };
      held += size - entry.size;
      Object.assign(entry, { size, goOn });
      readers.set(reader, entry);
      wake();
      if (!entry.goOn) return;
      entry.timer ??= setTimeout(() => {
        entry.isFree = true;
        goOnWith(entry);
      }, patience);
    },
    release(reader) {
      const entry = readers.get(reader);
      if (!entry) return;
      clearTimeout(entry.timer);
      held -= entry.size;
      readers.delete(reader);
      wake();
    },
  };
}

function goOnWith(reader: Reader): void {
  const { goOn } = reader;
  reader.goOn = undefined;
  goOn?.();
}

/** That of this process. */
export const answers = createAnswerBudget();
