import type { JsonSchemaType } from '@modelcontextprotocol/server';
import { strict } from './input-schemas.ts';

const text: JsonSchemaType = { type: 'string' };
const texts: JsonSchemaType = { type: 'array', items: text };
const choice = (...values: readonly string[]): JsonSchemaType => ({ type: 'string', enum: values }) as JsonSchemaType;
const list = (items: JsonSchemaType): JsonSchemaType => ({ type: 'array', items }) as JsonSchemaType;

/** What something costs. An amount that nobody knows is left out, never 0. */
const cost = strict(
  {
    source: choice('reported', 'listed', 'quoted', 'unknown'),
    amount: { type: 'number' },
    currency: choice('USD', 'credit'),
    as_of: text,
  },
  ['source'],
);

const picture = strict(
  { uri: text, path: text, media_type: text, width: { type: 'integer' }, height: { type: 'integer' } },
  ['uri', 'media_type'],
);

/** Of `generate_image`, `edit_image` and `resume`. */
export const madeSchema = strict(
  {
    intent_id: text,
    status: choice('completed', 'processing'),
    images: list(picture),
    cost,
    warnings: texts,
    next: text,
  },
  ['intent_id', 'status', 'images', 'cost', 'warnings'],
);

/** Of `check_image`. */
export const checkedSchema = strict(
  {
    hosts: list(
      strict(
        {
          provider: text,
          model: text,
          verdict: choice('supported', 'adapted', 'refused'),
          price: cost,
          adaptations: list(
            strict({ option: text, asked: text, sent: text, reason: text }, ['option', 'asked', 'sent', 'reason']),
          ),
          warnings: texts,
          reason: text,
        },
        ['provider', 'model', 'verdict', 'price', 'adaptations', 'warnings'],
      ),
    ),
  },
  ['hosts'],
);

const ability = strict(
  {
    sizes: { anyOf: [choice('any'), texts] },
    aspect_ratios: { anyOf: [choice('any'), texts] },
    resolutions: texts,
    output_formats: texts,
    seed: { type: 'boolean' },
  },
  ['sizes', 'aspect_ratios', 'resolutions', 'output_formats', 'seed'],
);

/** Of `list_models`. */
export const modelsSchema = strict(
  {
    models: list(
      strict(
        {
          name: text,
          hosts: list(
            strict(
              {
                provider: text,
                model: text,
                price: cost,
                generates: ability,
                edits: ability,
                max_images: { type: 'integer' },
                problem: text,
              },
              ['provider', 'model', 'price'],
            ),
          ),
        },
        ['name', 'hosts'],
      ),
    ),
  },
  ['models'],
);

/** Of `jobs`. */
export const jobsSchema = strict(
  {
    jobs: list(
      strict(
        {
          intent_id: text,
          state: choice('not_sent', 'in_doubt', 'accepted', 'finished', 'refund_pending'),
          billed: choice('no', 'yes', 'unknown'),
          cost,
          provider: text,
          model: text,
          job_id: text,
          prompt: text,
          created_at: text,
          next: text,
        },
        ['intent_id', 'state', 'billed', 'cost', 'prompt', 'created_at', 'next'],
      ),
    ),
  },
  ['jobs'],
);
