import { checkImage } from '@imageport/core';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { answer, type Door } from '../door.ts';
import { type Ability, type HostModel, type NamedModel, unionOf } from '../models.ts';
import { toPlainCost } from '../price.ts';
import { type ToolInput, toAsked } from '../request.ts';

/** `check_image`: what every model of the route would do with a request, and for how much. Sends nothing. */
export async function check(door: Door, input: ToolInput): Promise<CallToolResult> {
  const { options } = await toAsked(door, input);
  const { n: _, ...request } = options;
  const checks = await checkImage(request);
  return answer({
    hosts: checks.map(({ provider, modelId, verdict, price, adaptations, warnings, error }) => ({
      ...{ provider, model: modelId, verdict, price: toPlainCost(price) },
      ...{ adaptations: adaptations.map((each) => ({ ...each, option: toName(each.option) })), warnings },
      ...(error ? { reason: error.message } : {}),
    })),
  });
}

/** Options as the tools call them. */
const toName = (option: string): string => option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `list_models`: the names that there are, with what each host takes and costs. */
export const listModels = ({ models }: Door): CallToolResult =>
  answer({ models: models.map(({ name, hosts }: NamedModel) => ({ name, hosts: hosts.map(describe) })) });

function describe({ provider, model, price, makes, edits, problem }: HostModel) {
  return {
    ...{ provider, model, price: toPlainCost(price) },
    ...(makes ? { generates: describeAbility(makes) } : {}),
    ...(edits ? { edits: describeAbility(edits), max_images: unionOf([edits]).images } : {}),
    ...(problem === undefined ? {} : { problem }),
  };
}

function describeAbility(ability: Ability) {
  const { sizes, ratios, resolutions, formats, seed } = unionOf([ability]);
  return { sizes, aspect_ratios: ratios, resolutions, output_formats: formats, seed };
}
