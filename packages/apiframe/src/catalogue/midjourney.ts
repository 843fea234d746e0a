import type { Family, JsonObject } from '@imageport/core';
import { actions } from './shapes.ts';
import type { Shape } from './sheet.ts';

/** How a caller says what the host calls by another name. */
const names: Readonly<Record<string, string>> = { zoomRatio: 'zoom', mask: 'providerOptions.apiframe.mask' };

const nameOf = (field: string): string => `\`${names[field] ?? field}\``;

/** The actions on a Midjourney job. Which colour of a mask changes is not told: it is a native field, in base64. */
export const toVariation = ({ fields, required = [] }: Shape): Omit<Family, 'models'> => ({
  task: 'vary',
  accepts: { prompt: 'optional' },
  fields,
  required,
  toWire: ({ vary, prompt }) => ({
    action: vary?.action,
    parentJobId: vary?.job.id,
    index: vary?.index,
    zoomRatio: vary?.zoom,
    direction: vary?.direction,
    prompt: prompt === '' ? undefined : prompt,
  }),
  check,
});

/** The host refuses what an action needs and has not, and what does not belong to it. */
function check({ action, parentJobId: _, ...given }: JsonObject): string | undefined {
  const { needs, takes } = actions[String(action)] ?? { needs: [], takes: [] };
  const missing = needs.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) return `the action ${action} needs ${nameOf(missing)}`;
  const extra = Object.keys(given).find((name) => !needs.includes(name) && !takes.includes(name));
  return extra === undefined ? undefined : `the action ${action} takes no ${nameOf(extra)}`;
}
