import { submitRules, type Verdict } from '../../errors/classify.ts';
import { foundFaults } from './found-faults.ts';
import { outputFaults, processFaults, webhookFaults } from './other-faults.ts';
import { pollFaults } from './poll-faults.ts';
import type { FaultClass, FaultRow } from './row.ts';
import { statusFaults } from './status-faults.ts';
import { submitFaults } from './submit-faults.ts';

const classOf: Readonly<Record<Verdict, FaultClass>> = {
  accepted: 'B',
  not_accepted: 'N',
  refused: 'P',
  ambiguous: 'A',
};

/** What a submit's row means is not written twice: the rule that decides it at run time says so. */
function classify(row: FaultRow): FaultRow {
  const rule = submitRules.find(({ rows }) => rows.includes(row.id));
  return rule ? { ...row, class: classOf[rule.verdict] } : row;
}

/** Everything that can go wrong, in one place: the exhaustive suite and `docs/failures.md` are made from it. */
export const faultTable: readonly FaultRow[] = [
  ...[...submitFaults, ...statusFaults].map(classify),
  ...pollFaults,
  ...outputFaults,
  ...webhookFaults,
  ...processFaults,
  ...foundFaults,
];
