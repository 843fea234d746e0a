import { createLine, type Line } from './line.ts';
import { once } from './once.ts';

/** What a request is for. Each kind waits in a lane of its own. */
export type Lane = 'submit' | 'poll' | 'download';

/** Bounds the requests in flight at one host: `fetch` opens a socket for each, and connecting is what costs. */
export interface Gate {
  /**
   * Waits for a place and returns the function that gives it back, which may be called twice.
   * Lanes that wait take turns. Rejects with the signal's reason when it aborts before there is a place.
   * Await it as it is: a race that something else wins would lose the place as well.
   */
  enter(lane: Lane, signal: AbortSignal): Promise<() => void>;
}

interface Track {
  readonly line: Line<() => void>;
  readonly most: number;
  inside: number;
}

const createTrack = (most: number): Track => ({ line: createLine(), most, inside: 0 });

/**
 * At most `most` requests at once. Downloads hold at most half of the places, but one in any case; submits leave an eighth
 * free, because in sync mode they last as long as a picture.
 */
export function createGate(most: number): Gate {
  const tracks: Record<Lane, Track> = {
    submit: createTrack(most - Math.floor(most / 8)),
    poll: createTrack(most),
    download: createTrack(Math.max(1, Math.floor(most / 2))),
  };
  /** In the order of their turns: who was let in from its lane goes to the end. */
  const turns = Object.values(tracks);
  let inside = 0;
  const hasRoom = (track: Track): boolean => inside < most && track.inside < track.most;
  const take = (track: Track): (() => void) => {
    inside += 1;
    track.inside += 1;
    return once(() => {
      inside -= 1;
      track.inside -= 1;
      letIn();
    });
  };
  /** Nobody waits while there is room for them, so that one place given back lets in one at most. */
  const letIn = (): void => {
    const next = turns.find((track) => track.line.size() > 0 && hasRoom(track));
    if (!next) return;
    turns.push(...turns.splice(turns.indexOf(next), 1));
    next.line.serve(take(next));
  };
  return {
    enter(lane, signal) {
      const track = tracks[lane];
      if (signal.aborted || !hasRoom(track)) return track.line.wait(signal);
      return Promise.resolve(take(track));
    },
  };
}
