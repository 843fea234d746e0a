import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as closing from '../../src/ledger/close-record.ts';
import * as reducer from '../../src/ledger/reduce.ts';
import * as ledger from '../../src/ledger/rules.ts';
import * as state from '../../src/ledger/state.ts';
import * as adoption from '../../src/picture/adoption.ts';
import * as policy from '../../src/picture/next.ts';
import * as reading from '../../src/picture/reading.ts';
import * as writing from '../../src/picture/writing.ts';

/** The code that is walked: nothing of it is written anew here. */
export interface Rules {
  readonly state: typeof state;
  readonly reducer: typeof reducer;
  readonly closing: typeof closing;
  readonly ledger: typeof ledger;
  readonly policy: typeof policy;
  readonly adoption: typeof adoption;
  readonly reading: typeof reading;
  readonly writing: typeof writing;
}

export const realRules: Rules = { state, reducer, closing, ledger, policy, adoption, reading, writing };

/** The same modules from a copy of the sources, in which something may have been taken out. */
export async function loadRules(folder: string): Promise<Rules> {
  const load = (path: string): Promise<never> =>
    import(pathToFileURL(join(folder, `${path}.ts`)).href) as Promise<never>;
  return {
    state: await load('ledger/state'),
    reducer: await load('ledger/reduce'),
    closing: await load('ledger/close-record'),
    ledger: await load('ledger/rules'),
    policy: await load('picture/next'),
    adoption: await load('picture/adoption'),
    reading: await load('picture/reading'),
    writing: await load('picture/writing'),
  };
}
