import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { createWorld, errorOf, prompt, type World } from './world.ts';

const png = (colour: number): Uint8Array<ArrayBuffer> => {
  const head = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
  return new Uint8Array([...head, 0, 0, 0, 8, 0, 0, 0, 8, 8, colour, 0, 0, 0]);
};
const opaque = png(2);

const openai = ({ gateway }: World): OpenAI =>
  new OpenAI({
    ...{ baseURL: 'http://gateway.example/v1', apiKey: 'any', maxRetries: 0 },
    fetch: (input, init) => gateway.fetch(new Request(input, init)),
  });

const submitted = ({ emulator }: World): unknown => emulator.requests().findLast(({ kind }) => kind === 'submit')?.body;

const send = (world: World, form: FormData): Promise<Response> =>
  world.fetch('/v1/images/edits', { method: 'POST', body: form });

function formOf(fields: Readonly<Record<string, string | readonly Blob[]>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value);
    else for (const each of value) form.append(name, each, 'upload');
  }
  return form;
}

/** As SDKs send bytes whose type they do not know. */
const blob = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes], { type: 'application/octet-stream' });
const data = `data:image/png;base64,${Buffer.from(opaque).toString('base64')}`;

it('one picture of openai-node goes to the model, whatever type it says', async () => {
  const world = createWorld();
  const image = new File([opaque], 'upload', { type: 'application/octet-stream' });
  const { data: made = [] } = await openai(world).images.edit({ model: 'banana', prompt, image, n: 1, size: 'auto' });
  expect(made).toHaveLength(1);
  expect(submitted(world)).toMatchObject({ prompt, images: [data] });
});

it('several pictures of openai-node keep their order', async () => {
  const world = createWorld();
  const image = [0, 2, 3].map((colour) => new File([png(colour)], `${colour}.png`, { type: 'image/png' }));
  await openai(world).images.edit({ model: 'banana', prompt, image });
  const sent = (submitted(world) as { images: string[] }).images.map(
    (each) => Buffer.from(each.split(',')[1] ?? '', 'base64')[25],
  );
  expect(sent).toEqual([0, 2, 3]);
});

it('pictures of a JSON body are addresses, as text or as objects', async () => {
  const world = createWorld();
  for (const images of ['https://example.com/a.png', [{ image_url: 'https://example.com/a.png' }]]) {
    const response = await world.ask({ model: 'banana', prompt, images }, { path: '/v1/images/edits' });
    expect(response.status).toBe(200);
    expect(submitted(world)).toMatchObject({ images: ['https://example.com/a.png'] });
    await response.arrayBuffer();
  }
});

it('a form that says the same again with other boundaries is the same request', async () => {
  const world = createWorld();
  const sendSame = () => send(world, formOf({ model: 'banana', prompt, image: [blob(opaque)] }));
  const first = await sendSame();
  await first.body?.cancel();
  const second = await sendSame();
  expect([first.status, second.headers.get('x-imageport-replayed')]).toEqual([200, 'true']);
  expect(world.charges()).toBe(1);
  const other = await send(world, formOf({ model: 'banana', prompt, image: [blob(png(0))] }));
  expect(other.headers.get('x-imageport-replayed')).toBeNull();
});

it('fields of a form that are objects or numbers are read as such', async () => {
  const world = createWorld();
  const fields = { model: 'banana', prompt, n: '2', 'imageport[resolution]': '2K', 'image[]': [blob(opaque)] };
  const response = await send(world, formOf(fields));
  expect(((await response.json()) as { data: unknown[] }).data).toHaveLength(2);
  expect(submitted(world)).toMatchObject({ resolution: '2k' });
  const whole = formOf({ model: 'banana', prompt, imageport: '{"resolution":"4K"}', image: [blob(opaque)] });
  expect((await send(world, whole)).status).toBe(200);
  expect(submitted(world)).toMatchObject({ resolution: '4k' });
});

describe('what cannot be edited is refused before anything is sent:', () => {
  it.each([
    ['no picture', { model: 'banana', prompt }, 'missing_required_parameter', 'image'],
    ['no picture but text', { model: 'banana', prompt, image: 'a.png' }, 'invalid_value', 'image'],
    [
      'bytes that are no picture',
      { model: 'banana', prompt, image: [blob(new Uint8Array([1]))] },
      'invalid_value',
      'image',
    ],
    [
      'a mask of a model that takes none',
      { model: 'banana', prompt, image: [blob(opaque)], mask: [blob(opaque)] },
      'unsupported_value',
      'mask',
    ],
    [
      'a transparent mask',
      { model: 'banana', prompt, image: [blob(opaque)], mask: [blob(png(6))] },
      'unsupported_value',
      'mask',
    ],
    [
      'high fidelity',
      { model: 'banana', prompt, image: [blob(opaque)], input_fidelity: 'high' },
      'unsupported_value',
      'input_fidelity',
    ],
    [
      'a name out of nowhere',
      { model: 'banana', prompt, image: [blob(opaque)], 'imageport[__proto__][n]': '1' },
      'unknown_parameter',
      null,
    ],
    ['a name too deep', { model: 'banana', prompt, [`imageport${'[a]'.repeat(9)}`]: '1' }, 'unknown_parameter', null],
  ])('%s', async (_, fields, code, param) => {
    const world = createWorld();
    const response = await send(world, formOf(fields as Record<string, string | Blob[]>));
    expect([response.status, await errorOf(response)]).toMatchObject([400, { code, param }]);
    expect(world.submits()).toBe(0);
  });
});

it('a mask goes to a model of which it is known that white is what changes', async () => {
  const world = createWorld({ models: ['hero', 'apiframe:*'] });
  const model = 'apiframe:flux-fill-pro';
  const response = await send(world, formOf({ model, prompt, image: [blob(opaque)], mask: [blob(png(0))] }));
  expect(response.status).toBe(200);
  expect(JSON.stringify(submitted(world))).toMatch(/"mask\w*":"http/i);
});
