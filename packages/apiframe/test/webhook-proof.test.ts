import { expect, test } from 'vitest';
import { keepFinding, scale, seedOr } from '../../core/test/proof/findings.ts';
import { tryForged } from './webhook-forged-suite.ts';
import { tryGenuine } from './webhook-genuine-suite.ts';

test(
  'every genuine webhook is accepted',
  async () => {
    const seed = seedOr(20_261_121);
    const found = await tryGenuine(250 * scale, seed);
    expect(keepFinding({ suite: 'webhooks of apiframe: genuine, accepted', seed, ...found })).toMatchObject({
      tried: 250 * scale,
      violations: [],
    });
  },
  120_000 * scale,
);

test(
  'no forged webhook is accepted',
  async () => {
    const seed = seedOr(20_261_122);
    const found = await tryForged(1_250 * scale, seed);
    expect(keepFinding({ suite: 'webhooks of apiframe: forged, refused', seed, ...found })).toMatchObject({
      tried: 1_250 * scale,
      violations: [],
    });
  },
  120_000 * scale,
);
