import { writeSync } from 'node:fs';
import { createApiframe } from '../../../apiframe/src/index.ts';
import { createWavespeed } from '../../../wavespeed/src/index.ts';
import { generateImage, type Ledger, type LedgerEvent } from '../../src/index.ts';
import { createFileLedger } from '../../src/node/index.ts';

/** What a child is told to do, and where it shall die. */
export interface Errand {
  readonly path: string;
  readonly host: 'wavespeed' | 'apiframe';
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Each is the prompt of one call, and its intent id. */
  readonly prompts: readonly string[];
  /** Dies before or after the n-th write of a kind; without it somebody else ends it. */
  readonly die?: {
    readonly at: 'intent' | LedgerEvent['type'];
    readonly when: 'before' | 'after';
    readonly nth: number;
  };
}

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
};

/** The same ledger, but the process dies at one of its writes. */
function mortal(ledger: Ledger, plan: Errand['die']): Ledger {
  let count = 0;
  const around = async <T>(kind: string, work: () => Promise<T>): Promise<T> => {
    if (kind !== plan?.at) return work();
    count += 1;
    const mine = count === plan.nth;
    if (mine && plan.when === 'before') die();
    const result = await work();
    if (mine) die();
    return result;
  };
  const begun = new Set<string>();
  return {
    durability: ledger.durability,
    begin: (intent, lease) => {
      const again = begun.has(intent.id);
      begun.add(intent.id);
      return around(again ? 'again' : 'intent', () => ledger.begin(intent, lease));
    },
    claim: (...args) => ledger.claim(...args),
    append: (id, fence, event, length) => around(event.type, () => ledger.append(id, fence, event, length)),
    open: (query) => ledger.open(query),
    find: (query) => ledger.find(query),
  };
}

const errand: Errand = JSON.parse(process.argv[2] ?? '{}');
const { host, apiKey, baseUrl, prompts } = errand;
const ledger = mortal(createFileLedger(errand.path), errand.die);
const model = { wavespeed: createWavespeed, apiframe: createApiframe }[host]({ apiKey, baseUrl })('seedream-4');
await Promise.all(
  prompts.map((prompt) =>
    generateImage({
      ...{ model, prompt, intentId: prompt, ledger, timeout: 20_000 },
      deliver: ({ job, url }) => void writeSync(1, `${JSON.stringify({ prompt, job: job.id, url })}\n`),
    }),
  ),
);
writeSync(1, 'done\n');
