import type { Client, Session } from './clients/client.ts';
import type { Ending } from './message.ts';
import { describe, reveal } from './reveal.ts';
import type { Target } from './servers/test-server.ts';

interface CallOptions {
  readonly client: Client;
  readonly target: Target;
  /** Milliseconds. */
  readonly deadline: number;
  /** Called when the client's own part begins and ends. */
  readonly onTurn?: (turn: 'began' | 'ended') => void;
}

/** One picture by one client, then everything that its caller could know about the jobs. */
export async function playCall({ client, target, deadline, onTurn }: CallOptions): Promise<Ending> {
  const session = await client.open(target);
  onTurn?.('began');
  const { failed, ...facts } = await attempt(session, deadline);
  onTurn?.('ended');
  const kept = reveal(await session.kept?.());
  const resumed = failed ? reveal(await session.resume?.()) : '';
  return { ...facts, kept, resumed };
}

interface Attempt extends Pick<Ending, 'late' | 'reported' | 'outcome'> {
  readonly failed: boolean;
}

async function attempt(session: Session, deadline: number): Promise<Attempt> {
  const lateness = startClock(deadline);
  try {
    const { pictures, held } = await session.run(deadline);
    return {
      failed: false,
      late: lateness(),
      reported: reveal(held),
      outcome: pictures > 0 ? 'ok' : '"ok", no picture',
    };
  } catch (error) {
    return { failed: true, late: lateness(), reported: reveal(error), outcome: describe(error) };
  }
}

/** How late it is. A busy machine delays every timer, so the measure is a bare timer and not the time of day. */
function startClock(deadline: number): () => number {
  let end = performance.now() + deadline;
  const timer = setTimeout(() => {
    end = performance.now();
  }, deadline);
  return () => {
    clearTimeout(timer);
    return performance.now() - end;
  };
}
