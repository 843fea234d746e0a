import * as v from 'valibot';

const anything = v.optional(v.unknown());
const wordsSchema = v.fallback(
  v.object({
    code: anything,
    message: anything,
    error_code: anything,
    error: anything,
    detail: anything,
    errors: anything,
    data: v.fallback(v.optional(v.object({ error: anything })), undefined),
  }),
  {},
);

/** The host's own words about what went wrong, wherever an answer keeps them; a gateway may send mere text or HTML. */
export function describe(body: unknown): string | undefined {
  if (typeof body === 'string')
    return shorten(
      body
        .slice(0, 4000)
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' '),
    );
  const words = v.parse(wordsSchema, body);
  // On success the envelope says "success".
  const own = words.code === 200 || words.message === 'success' ? undefined : words.message;
  const places = [own, words.error, words.detail, words.errors, words.data?.error];
  const found = places.map(toText).find((text) => text !== undefined);
  const { error_code: name } = words;
  return found !== undefined && typeof name === 'string' && name ? `${found} [${name.slice(0, 100)}]` : found;
}

/** The id of a task that an answer only mentions: "Prediction ID: X", or the address of its result. */
export const findId = (text: string | undefined): string | undefined =>
  /\/predictions\/([\w-]{1,200})/.exec(text ?? '')?.[1] ?? /\bprediction id:?\s*([\w-]{1,200})/i.exec(text ?? '')?.[1];

/** Whether only the wait of a synchronous submit has ended, and the task goes on. */
export const endedEarly = (text: string | undefined): boolean =>
  /\bsync\b.{0,40}\btimed? ?out|query the result later/i.test(text ?? '');

function toText(value: unknown): string | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, 3) : [value];
  return shorten(items.flatMap(toWords).join('; '));
}

const worded = v.object({ msg: anything, message: anything });

function toWords(item: unknown): readonly string[] {
  if (typeof item === 'string') return [item];
  if (!v.is(worded, item)) return [];
  return [item.message, item.msg].filter((text) => typeof text === 'string').slice(0, 1);
}

/** Bounds a text. The engine cuts further, when it has taken the prompt out: so nothing else is changed here. */
export function shorten(text: string): string | undefined {
  return text.slice(0, 4000).trim() || undefined;
}
