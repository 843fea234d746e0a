import { faultTable } from '@imageport/core/testing';
import { plain, table } from './table.ts';

const meanings = {
  N: 'not accepted: nothing spent, may be submitted again',
  A: 'ambiguous: it may have been accepted',
  P: 'refused for good: nothing spent',
  B: 'accepted and paid: continue with the job',
  R: 'ended and refunded',
} as const;

/** What the classes mean. */
export const classTable = (): string =>
  table(
    ['class', 'meaning'],
    Object.entries(meanings).map(([letter, meaning]) => [letter, meaning]),
  );

/** Every row of the fault table, from the one that the engine and its proofs use. */
export function failureTables(): string {
  const stages = ['submit', 'poll', 'output', 'webhook', 'process'] as const;
  return stages
    .map((stage) => {
      const rows = faultTable.filter((row) => row.stage === stage);
      const lines = rows.map((row) => [
        row.id,
        plain(row.fault),
        row.class ?? '',
        plain(row.action),
        [...(row.play ? [`${row.play.length}`] : []), ...(row.test ? [`[test](../${row.test})`] : [])].join(', '),
      ]);
      return `### ${titles[stage]}\n\n${table(['row', 'what happens', 'class', 'what is done', 'played'], lines)}`;
    })
    .join('\n\n');
}

const titles = {
  submit: 'Submit',
  poll: 'Polling a paid job',
  output: 'Downloading the image',
  webhook: 'Webhooks',
  process: 'The process itself',
} as const;
