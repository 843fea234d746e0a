import { expect, test } from 'vitest';
import { keepFinding, scale, seedOr } from '../proof/findings.ts';
import { histories, quickCount, summarise } from './history-suite.ts';

test(
  'repeated prompts, several processes, deaths and resumes at hosts that do their worst keep every promise',
  async () => {
    const seed = seedOr(20_261_125);
    const { tried, violations, sums, story } = await histories(quickCount, seed);
    const note = Object.entries(sums).map(([what, times]) => `${times} ${what}`);
    const told = violations.map((each) => `seed ${each.seed}, ${each.rule}: ${each.what}`);
    keepFinding({ suite: 'histories at an adversarial host', tried, violations: told, seed, note: note.join(', ') });
    const summary = [...summarise(violations), ...(tried === 1 ? [story] : [])].join('\n');
    expect(violations.length, summary).toBe(0);
    // A world in which nothing goes wrong proves nothing.
    const happened = ['deaths', 'unanswered', 'naming a wrong job', "others' jobs", 'reversals', 'late acceptances'];
    if (tried >= 200) for (const what of happened) expect(sums[what], what).toBeGreaterThan(0);
  },
  600_000 * scale,
);
