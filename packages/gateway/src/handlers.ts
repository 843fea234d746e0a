import { pollImage, type Registry } from '@imageport/core';
import { type PictureTokens, pictureResponse } from './files.ts';
import type { GatewayKey } from './keys.ts';
import type { createLog } from './log.ts';
import { begin, type Job, type Workshop } from './make.ts';
import { chooseModel, listModels, toListed } from './models.ts';
import { readFields } from './read-body.ts';
import { Refusal } from './refusal.ts';
import { respond } from './respond.ts';
import type { RouteName } from './routes.ts';
import type { GatewaySettings } from './settings.ts';
import { type Task, toOrder } from './to-order.ts';

/** A request on its way to the handler of its route. */
export interface Asked {
  readonly request: Request;
  readonly key: GatewayKey;
  /** What the path names. */
  readonly params: readonly string[];
  readonly note: ReturnType<typeof createLog>['note'];
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
}

export type Handlers = Readonly<Record<RouteName, (asked: Asked) => Response | Promise<Response>>>;

/** What the handlers of a gateway share. */
export interface Service {
  readonly settings: GatewaySettings;
  readonly registry: Registry;
  readonly workshop: Workshop;
  readonly tokens: PictureTokens;
  readonly mostBytes: number;
  /** The calls that are under way. */
  readonly running: Set<Promise<unknown>>;
  readonly onError: (error: unknown) => void;
}

export const createHandlers = (service: Service): Handlers => ({
  generations: (asked) => make('generations', asked, service),
  edits: (asked) => make('edits', asked, service),
  models: ({ key }) => Response.json({ object: 'list', data: listModels(service.settings, key) }),
  model: ({ key, params: [id = ''] }) => {
    chooseModel(id, service.settings, service.registry, key);
    return Response.json(toListed(id));
  },
  file: ({ params: [token = ''] }) => show(token, service),
  health: () => Response.json({ status: 'ok' }),
});

async function make(task: Task, asked: Asked, service: Service): Promise<Response> {
  const { request, key, note, waitUntil } = asked;
  const { settings, registry, workshop, tokens, mostBytes, running, onError } = service;
  const fields = await readFields(request, mostBytes);
  const chosen = chooseModel(fields.get('model'), settings, registry, key);
  note({ model: chosen.name });
  const job: Job = { request, key, ...chosen, order: toOrder(task, fields, chosen.name, settings) };
  const call = await begin(job, workshop);
  const { intentId, replayed } = call.handover.ticket;
  note({ intentId, replayed });
  const ended = call.result
    .catch(() => undefined)
    .finally(() => {
      running.delete(ended);
    });
  running.add(ended);
  waitUntil?.(ended);
  return respond(job, call, { tokens, publicUrl: settings.publicUrl, ended: note, onError });
}

const pollTimeout = 60_000;

/** Fetches a picture from its host once more: nothing is kept here. */
async function show(token: string, { tokens, registry }: Service): Promise<Response> {
  const { name, job, index } = await tokens.open(token);
  for (const model of registry(name).filter(({ provider }) => provider.adapter.name === job.provider)) {
    const image = (await pollImage(model, job, { timeout: pollTimeout })).images[index];
    if (image) return pictureResponse(await image.bytes({ timeout: pollTimeout }), image.mediaType);
  }
  throw new Refusal('file_not_found', 'there is no such picture');
}
