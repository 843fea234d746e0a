import { isOpen, type LedgerRecord } from '@imageport/core';
import { refusal, usage } from '../usage.ts';
import type { LedgerPlace } from './place.ts';
import { checkNamed, problemOf, readPlace } from './read.ts';

interface Found {
  readonly path: string;
  readonly record: LedgerRecord;
}

/** The one unfinished intent whose id is this, or begins with it. */
export async function findIntent(place: LedgerPlace, prefix: string): Promise<Found> {
  if (prefix.trim() === '')
    throw usage(`Give the id of an intent, or the start of it; imageport jobs${place.flag} lists them`);
  const contents = await readPlace(place);
  checkNamed(place, contents);
  const all = contents.flatMap(({ path, records }) => records.map((record) => ({ path, record })));
  const open = all.filter(({ record }) => isOpen(record));
  const exact = open.filter(({ record }) => record.intent.id === prefix);
  const alike = exact.length > 0 ? exact : open.filter(({ record }) => record.intent.id.startsWith(prefix));
  const [first, second] = alike;
  if (!first) {
    const done = all.some(({ record }) => record.intent.id.startsWith(prefix));
    const [unread] = contents.flatMap((content) => problemOf(content) ?? []);
    if (!done && unread)
      throw unread.with({ message: `${prefix} is in no ledger that can be read. ${unread.message}` });
    const problem = done ? `${prefix} is finished already` : `There is no unfinished intent ${prefix}`;
    throw refusal('not_found', `${problem}; imageport jobs${place.flag} lists them`);
  }
  if (second) {
    throw usage(`${prefix} could be ${alike.map(({ record }) => record.intent.id).join(' or ')}: give more of it`);
  }
  return first;
}
