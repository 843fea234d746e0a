import type { LedgerRecord, RouteEntry } from './facts.ts';
import { slimmed } from './fingerprint.ts';
import { foldRecord, isUnfinished } from './reduce.ts';
import { phaseOf } from './state.ts';

/** What must be kept of an intent that is done: enough to recognise it and to find its picture, no picture data. */
export function closeRecord(record: LedgerRecord, state = foldRecord(record)): LedgerRecord {
  const { intent, events } = record;
  // Closed without a picture, the request may be retried: then all of it is needed.
  if (isUnfinished(state) || phaseOf(state) !== 'delivered') return record;
  const slim = { ...intent, route: intent.route.map(withoutImages), request: slimmed(intent.request) };
  return {
    intent: slim,
    events: events.map((event) =>
      event.type === 'sending'
        ? { ...event, target: withoutImages(event.target), request: { ...event.request, body: {} } }
        : event,
    ),
  };
}

const withoutImages = ({ overrides, ...target }: RouteEntry): RouteEntry =>
  overrides ? { ...target, overrides: slimmed(overrides) } : target;
