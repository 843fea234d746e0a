import { expect, test } from 'vitest';
import { parts, refresh } from './generate.ts';

test.each(parts)('$page shows what the code says ($name); else run `npx node docs/generate.ts`', async (part) => {
  const { before, after } = await refresh(part);
  expect(before).toBe(after);
});
