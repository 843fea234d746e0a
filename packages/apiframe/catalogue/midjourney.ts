import type { Action } from '../src/catalogue/sheet.ts';
import * as by from './overrides.ts';
import { toPrice } from './price.ts';
import type { RecordedModel } from './recorded.ts';
import type { Sheet } from './sheets.ts';

export const isAction = ({ action }: RecordedModel): boolean => action === 'midjourney-action';

const jobField = 'parentJobId';

/** By action: which fields must be there, and which may. */
export function toActions(recorded: readonly RecordedModel[]): Record<string, Action> {
  const entries = recorded
    .filter((each) => isAction(each) && !each.goneBy)
    .map(({ id, top }): [string, Action] => {
      const names = Object.keys(top).filter((name) => name !== jobField);
      const needs = names.filter((name) => top[name]?.required);
      return [id, { needs, takes: names.filter((name) => !needs.includes(name)) }];
    });
  return Object.fromEntries(entries);
}

/** The actions as one operation of one model: `action` is a field among the others. */
export function toActionSheet(actions: readonly RecordedModel[]): Sheet {
  const credits = Object.fromEntries(actions.map((action) => [action.id, creditsOf(action)]));
  const fields = actions.map(({ id, top }) => by.overridden(top, by.pages[id]));
  return {
    name: 'midjourneyAction',
    shape: {
      path: actions[0]?.endpoint.replace('POST ', '') ?? '',
      task: 'vary',
      required: ['action', jobField],
    },
    fields: Object.assign({ action: { type: 'string', enum: actions.map(({ id }) => id) } }, ...fields),
    models: [{ id: 'midjourney', portable: 'midjourney', price: { credits, by: 'action' } }],
  };
}

function creditsOf({ id, credits }: RecordedModel): number {
  const price = toPrice(credits)?.credits;
  if (typeof price !== 'number') throw new TypeError(`no page says what the Midjourney action ${id} costs`);
  return price;
}
