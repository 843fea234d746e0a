import { newKey } from '@imageport/gateway/node';
import type { Io } from '../io.ts';
import { note, print, printKey } from '../terminal/write.ts';
import { usage } from '../usage.ts';

/** The key goes to the one who asked, the entry into the file; neither is kept here. */
export function showNewKey(id: string, io: Io): number {
  if (!/^[\w.@-]{1,64}$/.test(id)) throw usage('The id of a key has 1 to 64 letters, digits and . _ - @');
  const { key, entry } = newKey(id);
  note(io, 'The key, which is shown only now:');
  printKey(io, key);
  note(io, 'Its entry for the file of --keys, which is a list of such entries:');
  print(io, JSON.stringify({ ...entry, budget: { USD: 5, per: 'month' } }));
  return 0;
}
