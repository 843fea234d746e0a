import type { Ledger } from '../../src/index.ts';
import { type HostName, type LedgerNote, toWords } from './notes.ts';

/** What stands around everything that a process does to the outside world. */
export type Around = <T>(work: () => Promise<T>) => Promise<T>;

type Facts = Omit<LedgerNote, 'ledger' | 'client' | 'at'>;

const asynchronous = ['begin', 'claim', 'append', 'find'];

/** A process's view of a ledger: what it makes durable is noted, and what a dead process asks for is never answered. */
export function watchLedger<L extends Ledger>(inner: L, around: Around, note: (facts: Facts) => void): L {
  return new Proxy(inner, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const ask = (args: unknown[]): unknown => Reflect.apply(member, target, args);
      if (name === 'open') return (...args: unknown[]) => iterate(ask(args) as ReturnType<Ledger['open']>, around);
      if (!asynchronous.includes(String(name))) return (...args: unknown[]) => ask(args);
      return (...args: unknown[]) =>
        around(async () => {
          const result = await ask(args);
          const facts = name === 'append' ? readEvent(args) : undefined;
          if (facts) note(facts);
          return result;
        });
    },
  });
}

async function* iterate<T>(items: AsyncIterable<T>, around: Around): AsyncGenerator<T> {
  const read = items[Symbol.asyncIterator]();
  while (true) {
    const { done, value } = await around(async () => read.next());
    if (done) return;
    yield value;
  }
}

/** Reads an event wherever it stands among the arguments, and only the members that the checker needs. */
function readEvent(args: readonly unknown[]): Facts | undefined {
  const [intentId] = args;
  const event = args.find((each): each is Event => typeof each === 'object' && each !== null && 'type' in each);
  if (!event || typeof intentId !== 'string') return undefined;
  const { type, key, job, proof, request, target } = event;
  const words = request && target ? { words: toWords(target.provider, request.path, request.body ?? {}) } : {};
  return { intentId, type, key, job: job?.id, proof, ...words };
}

interface Event {
  readonly type: string;
  readonly key?: string;
  readonly job?: { readonly id: string };
  readonly proof?: string;
  readonly request?: { readonly path: string; readonly body?: unknown };
  readonly target?: { readonly provider: HostName };
}
