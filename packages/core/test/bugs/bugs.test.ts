import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { bugs, plantOf } from './bugs.ts';
import { mutantsOf, mutatedFiles, sample } from './mutants.ts';
import { planted, root } from './plant.ts';
import { survivors } from './survivors.ts';

describe('the list of bugs', () => {
  test.each(bugs)('$id: fits the sources, and what comes of it can be read', (bug) => {
    for (const text of planted(plantOf(bug)).values()) parseAst(text, { lang: 'ts' });
    expect(bug.by).toMatch(/\.test\.ts$/);
    expect(existsSync(join(root, 'packages', bug.by)), bug.by).toBe(true);
  });

  test('says everything once', () => {
    expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length);
  });
});

describe('the mutants', () => {
  test('of one source are the same each time, and can all be read', () => {
    const mutants = mutantsOf('packages/core/src/ledger/rules.ts');
    expect(mutants).toEqual(mutantsOf('packages/core/src/ledger/rules.ts'));
    for (const mutant of mutants) for (const text of planted(mutant).values()) parseAst(text, { lang: 'ts' });
    expect(mutants.map(({ id }) => id)).toContain(
      'packages/core/src/ledger/rules.ts | judgeAppend | guard | if (!isFresh) throw staleFence(intent.id); => ;',
    );
  });

  test('are drawn by the seed', () => {
    const mutants = mutantsOf('packages/core/src/picture/next.ts');
    expect(sample(mutants, 20, 7)).toEqual(sample(mutants, 20, 7));
    expect(sample(mutants, 20, 7)).not.toEqual(sample(mutants, 20, 8));
    expect(new Set(sample(mutants, mutants.length, 7)).size).toBe(mutants.length);
  });
});

describe('the survivors', () => {
  const files = new Set(mutatedFiles());

  test.each([...new Set(survivors.map(({ file }) => file))])('of %s are mutants that there still are', (file) => {
    expect(files).toContain(file);
    const ids = new Set(mutantsOf(file).map(({ id }) => id));
    const gone = survivors
      .filter((each) => each.file === file)
      .map(({ within, operator, code }) => `${file} | ${within} | ${operator} | ${code}`)
      .filter((id) => !ids.has(id));
    expect(gone).toEqual([]);
  });

  test('each have a reason, and are named once', () => {
    expect(survivors.filter(({ reason }) => reason.length < 20)).toEqual([]);
    const ids = survivors.map(({ file, within, operator, code }) => `${file} ${within} ${operator} ${code}`);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
