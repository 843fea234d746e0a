import type { Cost, ListedModel } from '@imageport/core';
import { type Row, type Shape, toShape } from '../catalogue/index.ts';
import { groups } from '../catalogue/models.ts';
import { byHand } from './listed.ts';

/** What the host's list held when the tables were written, what it had dropped by then included. */
export const knownModels = (): ListedModel[] => [
  ...groups.flatMap(({ fields, models }) => models.map((row) => toListed(row, toShape(fields)))),
  ...byHand.flatMap(({ models, ...shape }) => models.map((row) => toListed(row, shape))),
];

const toListed = ([id, usd, { gone } = {}]: Row, { fields, required = [] }: Shape): ListedModel => ({
  ...{ id, basePrice: toCost(usd), fields, required },
  ...(gone ? { gone } : {}),
});

export const toCost = (amount: number): Cost => ({ amount, currency: 'USD', source: 'listed' });
