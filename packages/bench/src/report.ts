import type { Cell } from './bench.ts';
import { clients } from './clients/index.ts';
import { faults } from './fault-table.ts';
import { patience } from './watchdog.ts';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const views: readonly { readonly title: string; readonly show: (cell: Cell) => string }[] = [
  { title: 'Paid submits', show: ({ paid }) => String(paid) },
  {
    title: 'Lost job ids',
    show: ({ lost, lostForGood }) => (lost === lostForGood ? String(lost) : `${lost} → ${lostForGood}`),
  },
  {
    title: 'Milliseconds beyond the deadline',
    show: ({ overshoot, hung }) => (hung ? `> ${patience}` : String(overshoot)),
  },
  { title: 'What the caller sees', show: ({ outcome }) => outcome },
];

/** One table for each thing that is measured: faults down, clients across. "–" is a fault that the client cannot meet. */
export function toTables(cells: readonly Cell[]): Table[] {
  const find = (fault: string, client: string): Cell | undefined =>
    cells.find((cell) => cell.fault === fault && cell.client === client);
  return views.map(({ title, show }) => ({
    title,
    head: ['Fault', ...clients.map(({ name }) => name)],
    rows: faults.map(({ id, name }) => [
      name,
      ...clients.map((client) => {
        const cell = find(id, client.name);
        return cell ? show(cell) : '–';
      }),
    ]),
  }));
}

/** A Markdown table with aligned columns, which also reads well in a terminal. */
export function toMarkdown({ head, rows }: Pick<Table, 'head' | 'rows'>): string {
  const safe = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '‹').replaceAll('>', '›');
  const all = [head, ...rows].map((row) => row.map(safe));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const rule = head.map(() => '');
  const [first = [], ...others] = all;
  return [line(first), line(rule, '-'), ...others.map((row) => line(row))].join('\n');
}
