import { createMemoryLedger, type GenerateImageOptions, generateImage, type Ledger } from '../../src/index.ts';
import { inVirtualTime, type World } from '../world.ts';
import { type Ended, judge } from './judge.ts';

export const timeout = 90_000;

export type { Finding } from './findings.ts';

export type Asked = Omit<GenerateImageOptions, 'intentId' | 'ledger'>;

let count = 0;

/** One call that never throws: how it ended is what the judge reads. */
export async function call(ledger: Ledger, request: Asked): Promise<Ended> {
  count += 1;
  const options = { ledger, intentId: `intent-${count}`, ...request, timeout: request.timeout ?? timeout };
  const facts = {
    prompt: request.prompt,
    intentId: options.intentId,
    proceeds: request.onAmbiguous === 'proceed',
    hedges: request.hedge !== undefined,
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
export function playAndJudge(world: World, requests: readonly Asked[], afterwards = 0): Promise<string[]> {
  return inVirtualTime(async () => {
    const ledger = createMemoryLedger();
    const ended = await Promise.all(requests.map((request) => call(ledger, request)));
    if (afterwards > 0) await new Promise((resolve) => setTimeout(resolve, afterwards));
    return judge(world, ledger, ended);
  });
}
