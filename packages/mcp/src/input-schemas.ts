import type { JsonSchemaType } from '@modelcontextprotocol/server';
import type { Takes } from './models.ts';

type Properties = Record<string, JsonSchemaType>;

const mostPictures = 10;
const maxSeed = 2_147_483_647;

/** An object that may hold these properties and no others. */
export const strict = (properties: Properties, required: readonly string[] = []): JsonSchemaType =>
  ({ type: 'object', properties, required, additionalProperties: false }) as JsonSchemaType;

export const intentId: JsonSchemaType = {
  type: 'string',
  pattern: '^[\\x21\\x22\\x24-\\x7e]{1,200}$',
  description: 'The id that an earlier answer gave. Leave it out for a new picture.',
};

const amount = (currency: string): JsonSchemaType => ({
  type: 'number',
  minimum: 0,
  description: `In ${currency}.`,
});

/** Of which models there are, and what at least one of them takes. */
export function requestSchema(names: readonly string[], takes: Takes, options: { readonly images: boolean }) {
  const { images } = options;
  const properties: Properties = {
    prompt: {
      ...{
        type: 'string',
        minLength: 1,
        description: images ? 'What to change, in words.' : 'What to draw, in words.',
      },
      ...(takes.maxPrompt === undefined ? {} : { maxLength: takes.maxPrompt }),
    } as JsonSchemaType,
    ...(images ? { images: pictures(takes.images) } : {}),
    model: {
      ...{ type: 'string', enum: [...names], default: names[0] },
      description: 'Which model; `list_models` says what each can do and costs.',
    } as JsonSchemaType,
    ...sizes(takes),
    n: {
      ...{ type: 'integer', minimum: 1, maximum: mostPictures, default: 1 },
      description: 'How many pictures; each is paid.',
    } as JsonSchemaType,
    ...(takes.seed ? { seed: seedSchema } : {}),
    ...(takes.formats.length > 0
      ? { output_format: oneOf(takes.formats, 'The file format, where the model has a choice.') }
      : {}),
    max_cost: {
      ...strict({ USD: amount('US dollars'), credit: amount('credits of the host') }),
      description: 'The most that the call may cost, by currency: it says yes to a price up to that.',
    } as JsonSchemaType,
    intent_id: intentId,
  };
  return strict(properties, images ? ['prompt', 'images'] : ['prompt']);
}

/** The same without what says who pays for it. */
export function checkSchema(schema: JsonSchemaType): JsonSchemaType {
  const { intent_id: _, max_cost: __, ...properties } = (schema as { properties: Properties }).properties;
  return strict(properties, ['prompt']);
}

const seedSchema: JsonSchemaType = {
  ...{ type: 'integer', minimum: 0, maximum: maxSeed },
  description: 'The same seed draws the same picture. Left out, it is a random one.',
};

const pictures = (most: number): JsonSchemaType => ({
  ...{ type: 'array', minItems: 1, maxItems: most },
  items: { type: 'string', minLength: 1 },
  description:
    'The pictures to start from: `imageport://images/…` links of earlier answers, https addresses, data URLs, or names of files in the folder that was set up for it.',
});

const oneOf = (values: readonly string[], description: string): JsonSchemaType =>
  ({ type: 'string', enum: [...values], description }) as JsonSchemaType;

const like = (pattern: string, description: string): JsonSchemaType => ({ type: 'string', pattern, description });

/** Either the pixels, or a ratio with a resolution; a property only where a model takes it. */
function sizes({ sizes, ratios, resolutions }: Takes): Properties {
  const instead = 'Not together with `aspect_ratio` or `resolution`.';
  const properties: Record<string, JsonSchemaType | undefined> = {
    size: listed(
      sizes,
      '^[1-9]\\d{0,4}[x*][1-9]\\d{0,4}$',
      `Width and height in pixels, such as 1024x1024. ${instead}`,
    ),
    aspect_ratio: listed(ratios, '^[1-9]\\d{0,3}:[1-9]\\d{0,3}$', 'Width to height, such as 16:9.'),
    resolution: listed(resolutions, '', 'About so many pixels: 2K is 2048 squared.'),
  };
  return Object.fromEntries(Object.entries(properties).filter(([, schema]) => schema)) as Properties;
}

function listed(values: 'any' | readonly string[], pattern: string, description: string): JsonSchemaType | undefined {
  if (values === 'any') return like(pattern, description);
  return values.length > 0 ? oneOf(values, description) : undefined;
}
