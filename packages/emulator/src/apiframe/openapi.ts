import { type ApiframeAction, apiframeActions } from '../catalogue/document.ts';
import type { Exchange } from '../http/endpoint.ts';
import { json, type Reply } from '../http/message.ts';
import { modelsOf } from './catalogue.ts';

interface Operation {
  readonly path: string;
  /** The name of the schema of its body. */
  readonly request: string;
  readonly summary: string;
}

const operations: Readonly<Record<ApiframeAction, Operation>> = {
  generate: { path: '/v2/images/generate', request: 'GenerateImageRequest', summary: 'Generate pictures' },
  edit: { path: '/v2/images/edit', request: 'ImageEditRequest', summary: 'Repaint or extend a picture' },
  upscale: { path: '/v2/images/upscale', request: 'ImageUpscaleRequest', summary: 'Enlarge a picture' },
  'background-remove': {
    path: '/v2/images/background-remove',
    request: 'ImageBackgroundRemoveRequest',
    summary: 'Remove the background of a picture',
  },
  'midjourney-action': {
    path: '/v2/images/midjourney/action',
    request: 'MidjourneyActionRequest',
    summary: 'Go on from a Midjourney job',
  },
};

/** GET /v2/openapi.json: the part of the host's document that is about pictures. It asks for no key. */
export function openapi({ origin }: Exchange): Reply {
  const all = apiframeActions.map((action) => [action, operations[action]] as const);
  return json(200, {
    openapi: '3.1.0',
    info: { title: 'Apiframe API, emulated', version: '2.0.0' },
    servers: [{ url: `${origin}/apiframe` }],
    paths: Object.fromEntries(all.map(([, operation]) => [operation.path, { post: toPost(operation) }])),
    components: {
      parameters: { IdempotencyKey: idempotencyKey },
      schemas: {
        ...Object.fromEntries(all.map(([action, { request }]) => [request, { oneOf: bodiesOf(action) }])),
        ...answers,
      },
      securitySchemes: { ApiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-API-Key' } },
    },
  });
}

const bodiesOf = (action: ApiframeAction) => modelsOf(action).map(({ schema }) => schema);

const reference = (schema: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const toPost = ({ request, summary }: Operation) => ({
  summary,
  tags: ['Images'],
  security: [{ ApiKeyAuth: [] }],
  parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
  requestBody: { required: true, ...reference(request) },
  responses: {
    '202': { description: 'Accepted', ...reference('JobAccepted') },
    '400': { description: 'Not valid', ...reference('ValidationError') },
    '401': { description: 'No valid key', ...reference('ErrorResponse') },
    '402': { description: 'Too few credits', ...reference('InsufficientCredits') },
  },
});

const idempotencyKey = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', maxLength: 255 },
};

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };

const answers = {
  JobAccepted: {
    type: 'object',
    properties: {
      jobId: { type: 'string', format: 'uuid' },
      status: { type: 'string', enum: ['QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED'] },
    },
    required: ['jobId', 'status'],
  },
  ErrorResponse: { type: 'object', properties: { error: text }, required: ['error'] },
  ValidationError: {
    type: 'object',
    properties: { error: text, details: { type: 'object', additionalProperties: { type: 'array', items: text } } },
    required: ['error'],
  },
  InsufficientCredits: {
    type: 'object',
    properties: { error: text, creditsRequired: count, creditsAvailable: count },
    required: ['error', 'creditsRequired', 'creditsAvailable'],
  },
};
