import { begin, keyIsGood, repeat } from './attempt.ts';
import { learn } from './log.ts';
import type { Circumstances, Step } from './next.ts';
import { hostOf, type Picture, remaining } from './picture.ts';
import { search } from './search.ts';
import { interruptible, pause } from './wait.ts';

/** What the policy must know besides the log. */
export function circumstancesOf(picture: Picture): Circumstances {
  const { route, frame } = picture;
  const host = hostOf(picture);
  return {
    // What was delivered before is only looked up again: nothing more is paid for it.
    models: picture.replayed ? picture.state.model + 1 : route.length,
    keyIsGood: keyIsGood(picture),
    lists: host.adapter.list !== undefined,
    mayRepeat: host.breaker.state() !== 'open' && host.retries.has(),
    proceed: frame.policy.onAmbiguous === 'proceed',
    sends: frame.submits && !picture.refunds,
    looksOnly: picture.refunds,
    remaining: remaining(picture),
    jitter: Math.random(),
  };
}

/** Does one step and writes down what it found. */
export async function take(picture: Picture, step: Exclude<Step, { do: 'fail' | 'deliver' | 'poll' }>): Promise<void> {
  switch (step.do) {
    case 'submit':
      hostOf(picture).retries.earn();
      return begin(picture, step);
    case 'repeat':
      return repeat(picture, step);
    case 'search': {
      if (step.list) picture.emit({ type: 'reconciling', provider: hostOf(picture).adapter.name, delay: step.after });
      await pause(picture, step.after);
      for (const fact of await interruptible(picture, (signal) => search(picture, signal, step.list))) {
        await learn(picture, fact);
      }
      return;
    }
    case 'park':
      return learn(picture, { type: 'unknown', at: Date.now(), candidates: picture.candidates });
  }
}
