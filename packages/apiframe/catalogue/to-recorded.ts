import { isDeepStrictEqual } from 'node:util';
import { inOrder, type Operation, readDocument } from '../src/live/document.ts';
import type { Recorded, RecordedModel } from './recorded.ts';

export interface ReadOptions {
  /** Take a document that has lost a tenth of the operations, too. */
  readonly force?: boolean;
}

/**
 * Reads the host's own document (`GET /v2/openapi.json`), which was taken on `date`, YYYY-MM-DD, into what is recorded. Of `known`
 * stays what the document does not say: prices, and operations that it has no more. Throws where the document has no image operation,
 * and where it has lost a tenth of them: then it was cut.
 */
export function toRecorded(document: unknown, date: string, known?: Recorded, { force }: ReadOptions = {}): Recorded {
  const operations = readDocument(document);
  if (!operations) throw new TypeError("the document has no operation under /v2/images/: it is not the host's");
  const before = new Map(known?.models.map((model) => [keyOf(model), model]));
  const listed = operations.map((operation) => withPrice(operation, before.get(keyOf(operation))));
  const keys = new Set(listed.map(keyOf));
  const lost = (known?.models ?? []).filter((model) => !keys.has(keyOf(model)));
  const live = (known?.models ?? []).filter(({ goneBy }) => goneBy === undefined);
  const newly = lost.filter((model) => live.includes(model)).length;
  if (newly > live.length / 10 && !force) {
    throw new RangeError(`the document lacks ${newly} of ${live.length} operations: it was cut, or is another one`);
  }
  const gone = lost.map((model) => ({ lastSeen: known?.date ?? '', goneBy: date, ...model }));
  const models = [...listed, ...gone].sort(inOrder);
  // A copy that says nothing new is none: its day would be all that changes.
  if (known && isDeepStrictEqual(models, [...known.models].sort(inOrder))) return known;
  return {
    ...{ currency: 'credit', host: 'apiframe' },
    ...known,
    ...{ source: 'GET /v2/openapi.json', date, counts: count(listed), models },
  };
}

const keyOf = ({ endpoint, id }: Operation): string => `${endpoint} ${id}`;

const withPrice = (operation: Operation, known: RecordedModel | undefined): RecordedModel => ({
  ...operation,
  ...(known?.credits ? { credits: known.credits } : {}),
});

function count(models: readonly RecordedModel[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action } of models) counts[action] = (counts[action] ?? 0) + 1;
  return counts;
}
