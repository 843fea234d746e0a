import { createMemoryLedger, type GenerateImageOptions, generateImage, type Ledger } from '../../src/index.ts';
import { inVirtualTime, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';

export const timeout = 90_000;

export type { Finding } from './findings.ts';

export type Wish = Omit<GenerateImageOptions, 'intentId' | 'ledger'>;

let count = 0;

/** One call that never throws: how it ended is what the judge reads. */
export async function call(ledger: Ledger, wish: Wish): Promise<Ended> {
  count += 1;
  const options = { ledger, intentId: `intent-${count}`, ...wish, timeout: wish.timeout ?? timeout };
  const facts = {
    prompt: wish.prompt,
    intentId: options.intentId,
    proceeds: wish.onAmbiguous === 'proceed',
    hedges: wish.hedge !== undefined,
  };
  const start = performance.now();
  const overshoot = (): number => performance.now() - start - options.timeout;
  try {
    const result = await generateImage(options);
    return { ...facts, result, overshoot: overshoot() };
  } catch (error) {
    return { ...facts, error, overshoot: overshoot() };
  }
}

/**
 * Plays calls together on the virtual clock and judges them, at once or when the hosts have done what they still had
 * to do: a host may accept long after its caller has left.
 */
export function playAndJudge(world: World, wishes: readonly Wish[], afterwards = 0): Promise<string[]> {
  return inVirtualTime(async () => {
    const ledger = createMemoryLedger();
    const ended = await Promise.all(wishes.map((wish) => call(ledger, wish)));
    if (afterwards > 0) await new Promise((resolve) => setTimeout(resolve, afterwards));
    return judge(world, ledger, ended);
  });
}
