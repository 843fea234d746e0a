import { Refusal } from './refusal.ts';

/** Objects out of the fields of a form, by name. */
export type Nested = Map<string, Record<string, unknown>>;

const deepest = 8;

/** Puts the value of a field such as `imageport[providerOptions][wavespeed][strength]`, as SDKs write objects into forms, in its place. */
export function placeNested(nested: Nested, name: string, path: string, value: string): void {
  const steps = path.slice(1, -1).split('][');
  if (steps.length > deepest || steps.some((step) => step === '' || step === '__proto__')) {
    throw new Refusal('unknown_parameter', 'a field of the form has a name that is none');
  }
  let place = nested.get(name) ?? {};
  nested.set(name, place);
  for (const step of steps.slice(0, -1)) {
    const next = Object.hasOwn(place, step) ? place[step] : {};
    if (typeof next !== 'object' || next === null) throw new Refusal('invalid_body', `\`${name}\` contradicts itself`);
    place[step] = next;
    place = next as Record<string, unknown>;
  }
  place[steps.at(-1) ?? ''] = plain(value);
}

/** A form knows nothing but texts: what reads as a number or as true or false was one. */
const plain = (text: string): unknown =>
  /^(true|false|-?\d{1,15}(\.\d{1,15})?)$/.test(text) ? (JSON.parse(text) as unknown) : text;
