import type { Attributes } from '@opentelemetry/api';
import type { Job } from '../contract/job.ts';
import type { Cost } from '../contract/result.ts';
import type { Target } from '../ledger/ledger.ts';
import type { ImageEvent } from '../picture/events.ts';

/** One type of event. */
export type Told<T extends ImageEvent['type']> = Extract<ImageEvent, { readonly type: T }>;

/** The conventions know no operation of their own for a picture; they allow another name then. */
export const operation = 'generate_image';

/** What is known of a generation before anything was asked. */
export const requestOf = ({ intentId }: ImageEvent, prompt: string | undefined): Attributes => ({
  'gen_ai.operation.name': operation,
  'gen_ai.output.type': 'image',
  'imageport.intent.id': intentId,
  ...(prompt === undefined ? {} : { 'gen_ai.input.messages': messagesOf(prompt) }),
});

/** Attributes of a span hold no objects: the conventions say to write them as JSON then. */
const messagesOf = (content: string): string => JSON.stringify([{ role: 'user', parts: [{ type: 'text', content }] }]);

export const targetOf = ({ provider, modelId }: Target): Attributes => ({
  'gen_ai.provider.name': provider,
  'gen_ai.request.model': modelId,
});

export const jobOf = ({ id }: Job): Attributes => ({ 'imageport.job.id': id, 'gen_ai.response.id': id });

export const costOf = ({ amount, currency, source }: Cost): Attributes => ({
  'imageport.cost.source': source,
  ...(amount === undefined ? {} : { 'imageport.cost.amount': amount, 'imageport.cost.currency': currency }),
});

/** The model that an event is about, where it says so. */
export function askedBy(event: ImageEvent): Target | undefined {
  if ('modelId' in event && event.provider !== undefined && event.modelId !== undefined) {
    return { provider: event.provider, modelId: event.modelId };
  }
  if ('from' in event) return readName(event.from);
  return 'job' in event ? event.job : undefined;
}

/** `provider:model` as events name it; a model id may hold colons of its own. */
export function readName(name: string): Target {
  const [provider = '', ...rest] = name.split(':');
  return { provider, modelId: rest.join(':') };
}

export const progressOf = ({ state, progress }: Told<'progress'>): Attributes => ({
  'imageport.state': state,
  ...(progress === undefined ? {} : { 'imageport.progress': progress }),
});

/** What is worth an event of its own in a span; the others begin and end spans. */
export function noteOf(event: ImageEvent): Attributes | undefined {
  switch (event.type) {
    case 'retrying':
      return { 'error.type': event.code, 'imageport.delay': event.delay };
    case 'reconciling':
      return { 'imageport.delay': event.delay };
    case 'warning':
      return { 'imageport.message': event.message };
    case 'hedging':
      return { 'imageport.from': event.from, 'imageport.to': event.to, 'imageport.after': event.after };
    case 'fallback':
      return { 'imageport.from': event.from, 'imageport.to': event.to, 'error.type': event.code };
    default:
      return undefined;
  }
}
