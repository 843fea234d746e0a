import { apiframeAdapter } from '@imageport/apiframe';
import { wavespeedAdapter } from '@imageport/wavespeed';
import { loadCatalogue } from '../../src/catalogue/index.ts';
import type { Adapter } from '../../src/index.ts';
import { type HostName, recordedModels } from './catalogue/documents.ts';
import { play, type Subject, trialsOf } from './catalogue/trials.ts';
import type { Finding } from './findings.ts';

/** How one model did: trials that ended as they should, by option. */
export interface ModelFinding {
  readonly model: string;
  readonly options: ReadonlyMap<string, { readonly valid: number; readonly refused: number; readonly wrong: number }>;
}

const adapters: readonly (readonly [HostName, Adapter])[] = [
  ['apiframe', apiframeAdapter],
  ['wavespeed', wavespeedAdapter],
];

/** Every model of both hosts of which the fields were recorded, or one in `step`. */
export async function everyModel(
  step = 1,
): Promise<{ readonly finding: Finding; readonly models: readonly ModelFinding[] }> {
  const subjects = (await Promise.all(adapters.map(([host, adapter]) => subjectsOf(host, adapter)))).flat();
  const chosen = subjects.filter((_, index) => index % step === 0);
  const violations: string[] = [];
  let tried = 0;
  const models = chosen.map((subject): ModelFinding => {
    const options = new Map<string, { valid: number; refused: number; wrong: number }>();
    for (const trial of trialsOf(subject)) {
      const wrong = play(subject, trial);
      const counts = options.get(trial.option) ?? { valid: 0, refused: 0, wrong: 0 };
      counts[wrong === undefined ? trial.expected : 'wrong'] += 1;
      options.set(trial.option, counts);
      tried += 1;
      if (wrong !== undefined) violations.push(wrong);
    }
    return { model: `${subject.host}:${subject.row.native}`, options };
  });
  const note = `${chosen.length} of ${subjects.length} models`;
  return { finding: { suite: 'every model with every option', tried, violations, note }, models };
}

async function subjectsOf(host: HostName, adapter: Adapter): Promise<Subject[]> {
  const recorded = new Map(recordedModels(host).map((model) => [model.id, model]));
  const families = await loadCatalogue(adapter);
  return families.flatMap((family) =>
    family.models.flatMap((row) => {
      const found = recorded.get(row.native);
      // Actions on a job have no picture of their own: their tests are in the host's package.
      return found && family.task !== 'vary' ? [{ host, adapter, family, row, recorded: found }] : [];
    }),
  );
}

/** Models down, options across: how many values were sent as the host wants them, and how many were refused. */
export function catalogueTable(models: readonly ModelFinding[]): string {
  const names = [...new Set(models.flatMap(({ options }) => [...options.keys()]))];
  const rows = models.map(({ model, options }) => [
    model,
    ...names.map((name) => {
      const { valid = 0, refused = 0, wrong = 0 } = options.get(name) ?? {};
      return `${valid}+${refused}${wrong > 0 ? ` WRONG ${wrong}` : ''}`;
    }),
  ]);
  return [['model', ...names], ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
