import { describe, expect, test } from 'vitest';
import { loadMcp } from '../src/load-mcp.ts';
import { toBudget } from '../src/mcp/budget.ts';
import { run, scratch } from './harness.ts';

const missing = Object.assign(new Error("Cannot find package '@imageport/mcp' imported from bin.js"), {
  code: 'ERR_MODULE_NOT_FOUND',
});

test('without the package of the server it is said how clients get both', async () => {
  await expect(loadMcp(() => Promise.reject(missing))).rejects.toThrow(
    'npx -y --package=imageport --package=@imageport/mcp imageport mcp',
  );
  await expect(loadMcp(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

describe('a budget', () => {
  test.each([
    ['2usd/day', { USD: 2, per: 'day' }],
    ['5usd,100credits/month', { USD: 5, credit: 100, per: 'month' }],
    ['10', { USD: 10, per: 'total' }],
  ])('%s is read', (text, budget) => {
    expect(toBudget(text)).toEqual(budget);
  });

  test.each(['2usd/week', '/day', '2usd/day/month', 'free/day', '0usd/day'])('%s is refused', (text) => {
    expect(() => toBudget(text)).toThrow('It must be');
  });
});

test('the command is in the help', async () => {
  const { exitCode, stdout } = await run(['mcp', '--help'], { cwd: await scratch() });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--confirm-above <amount>');
});
