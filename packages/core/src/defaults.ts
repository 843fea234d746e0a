import { behaviours } from './call.ts';
import type { Task } from './contract/request.ts';

interface Given {
  readonly task?: Task | undefined;
}

/**
 * Options with defaults behind them. Where the options name another verb than the defaults, only those defaults apply that are
 * about the call: a size of pictures to be made says nothing about a picture whose background is removed.
 */
export function withDefaults(defaults: object, options: object): object {
  const { task = 'generate' }: Given = defaults;
  const { task: own = task }: Given = options ?? {};
  if (own === task) return { ...defaults, ...options };
  const ofCall = Object.entries(defaults).filter(([name]) => behaviours.has(name) && name !== 'n');
  return { ...Object.fromEntries(ofCall), ...options };
}
