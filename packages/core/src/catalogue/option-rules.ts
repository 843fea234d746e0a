import type { FieldSpec } from '../contract/family.ts';
import { outputFormats } from '../contract/request.ts';
import { fieldOf, type Rule, type Sheet } from './rule.ts';

/** The prompt where it is a field among the others. */
const prompt: Rule = (sheet) =>
  fieldOf(sheet, 'prompt', 'text') && {
    accepts: { prompt: sheet.required.includes('prompt') ? 'required' : 'optional' },
    toWire: (request) => ({ prompt: request.prompt === '' ? undefined : request.prompt }),
  };

/** Fields that hold the pictures a request is about; where a model has several, the first of these unless another is required. */
// biome-ignore format: one line of names
const pictures = ['images', 'image', 'image_input', 'input_images', 'reference_images', 'reference', 'image_url', 'image_prompt', 'source_image', 'control_image', 'character_reference_image'];

const images: Rule = (sheet) => {
  const there = pictures.filter((name) => isPicture(sheet.fields[name]));
  const name = there.find((each) => sheet.required.includes(each)) ?? there[0];
  const spec = name === undefined ? undefined : sheet.fields[name];
  if (name === undefined || spec === undefined) return undefined;
  const needed = sheet.required.includes(name);
  if (spec.type !== 'urls') {
    return {
      accepts: { images: { min: needed ? 1 : 0, max: 1, ...(sheet.onlyMasked ? { onlyMasked: true } : {}) } },
      toWire: (request) => ({ [name]: request.images[0] }),
    };
  }
  return {
    accepts: { images: { min: needed ? Math.max(1, spec.min ?? 1) : 0, max: spec.max ?? Infinity } },
    toWire: (request) => ({ [name]: request.images.length > 0 ? request.images : undefined }),
  };
};

const isPicture = (spec: FieldSpec | undefined): boolean => spec?.type === 'urls' || spec?.type === 'text';

/** Only where it is known what its colours mean. */
const mask: Rule = (sheet) => {
  const name = ['mask_image', 'mask'].find((each) => fieldOf(sheet, each, 'text'));
  if (name === undefined || !sheet.whiteMask) return undefined;
  return {
    accepts: { mask: sheet.required.includes(name) ? 'required' : 'optional' },
    toWire: (request) => ({ [name]: request.mask }),
  };
};

const seed: Rule = (sheet) =>
  fieldOf(sheet, 'seed', 'integer') && { accepts: { seed: true }, toWire: (request) => ({ seed: request.seed }) };

const outputFormat =
  (name: string): Rule =>
  (sheet) => {
    const values = fieldOf(sheet, name, 'choice')?.values.map(String) ?? [];
    const native = new Map(values.map((value) => [value === 'jpg' ? 'jpeg' : value, value]));
    const known = outputFormats.filter((each) => native.has(each));
    if (known.length === 0) return undefined;
    return {
      accepts: { outputFormats: known },
      toWire: (request) => ({ [name]: request.outputFormat && native.get(request.outputFormat) }),
    };
  };

/** What the switch is called. Thinking modes are none, nor is how thoroughly a prompt is rewritten where it always is. */
// biome-ignore format: one line of names
const expansions = ['enable_prompt_expansion', 'prompt_upsampling', 'enhance_prompt', 'prompt_extend', 'prompt_optimizer', 'use_pre_llm'];

const expansion =
  (name: string): Rule =>
  (sheet) =>
    fieldOf(sheet, name, 'boolean') && {
      accepts: { promptExpansion: true },
      toWire: (request) => ({ [name]: request.promptExpansion }),
    };

const magicPrompt: Rule = (sheet) => {
  const values = fieldOf(sheet, 'magic_prompt_option', 'choice')?.values ?? [];
  if (!values.includes('On') || !values.includes('Off')) return undefined;
  const write = (wanted: boolean | undefined): string | undefined =>
    wanted === undefined ? undefined : wanted ? 'On' : 'Off';
  return {
    accepts: { promptExpansion: true },
    toWire: ({ promptExpansion }) => ({ magic_prompt_option: write(promptExpansion) }),
  };
};

const sync: Rule = (sheet) =>
  fieldOf(sheet, 'enable_sync_mode', 'boolean') && {
    accepts: { sync: true },
    toWire: (request) => ({ enable_sync_mode: request.sync }),
  };

const base64: Rule = (sheet) =>
  fieldOf(sheet, 'enable_base64_output', 'boolean') && {
    accepts: { base64: true },
    toWire: (request) => ({ enable_base64_output: request.base64 }),
  };

const scale =
  (name: string): Rule =>
  (sheet) => {
    const scales = fieldOf(sheet, name, 'choice')?.values.filter((value) => typeof value === 'number') ?? [];
    if (scales.length === 0) return undefined;
    return { accepts: { scales }, toWire: (request) => ({ [name]: request.scale }) };
  };

const rules: readonly Rule[] = [
  ...[prompt, images, mask, seed, sync, base64],
  ...['output_format', 'format'].map(outputFormat),
  ...expansions.map(expansion),
  magicPrompt,
  ...['upscale_factor', 'scale_factor', 'desired_increase'].map(scale),
];

/** Every option but the size. Where two rules give one option, the first has it. */
export function readOptions(sheet: Sheet) {
  const taken = new Set<string>();
  return rules.flatMap((rule) => {
    const part = rule(sheet);
    const options = Object.keys(part?.accepts ?? {});
    if (!part || options.some((option) => taken.has(option))) return [];
    for (const option of options) taken.add(option);
    return [part];
  });
}
