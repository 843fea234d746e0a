import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from '@imageport/emulator';
import { onTestFinished } from 'vitest';
import type { Env } from './harness.ts';

/** A model of WaveSpeed's list, as far as the tests change it. */
export interface Entry {
  model_id: string;
  type: string;
  base_price: number;
  api_schema: { api_schemas: { request_schema: { properties: Fields; required: string[] } }[] };
}

type Fields = Record<string, Record<string, unknown>>;

/** A body of Apiframe's document: that of one model, or of one action. */
export interface Body {
  properties: Record<string, { enum?: string[]; properties?: Fields; required?: string[]; [more: string]: unknown }>;
  required: string[];
}

/** Both lists as the emulator serves them. */
export interface Lists {
  wavespeed: { data: Entry[] };
  apiframe: { paths: object; components: { schemas: Record<string, { oneOf: Body[] }> } };
}

export const entryOf = ({ wavespeed }: Lists, id: string): Entry =>
  found(wavespeed.data.find((each) => each.model_id === id));

export const schemaOf = (entry: Entry) => found(entry.api_schema.api_schemas[0]).request_schema;

export const bodiesOf = ({ apiframe }: Lists): Body[] => found(apiframe.components.schemas.GenerateImageRequest).oneOf;

export const bodyOf = (lists: Lists, id: string): Body =>
  found(bodiesOf(lists).find(({ properties }) => properties.model?.enum?.includes(id)));

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the emulator serves no such thing');
  return value;
}

async function read(): Promise<Lists> {
  const emulator = createEmulator();
  const { wavespeed, apiframe } = emulator;
  const headers = { Authorization: `Bearer ${wavespeed.apiKey}` };
  const [list, document] = [`${wavespeed.baseUrl}/api/v3/models`, `${apiframe.baseUrl}/v2/openapi.json`];
  const answers = [await emulator.fetch(list, { headers }), await emulator.fetch(document)];
  const [one, other] = await Promise.all(answers.map((answer) => answer.json()));
  await emulator.close();
  return { wavespeed: one, apiframe: other } as Lists;
}

interface Recorded {
  readonly copies?: object;
  readonly models: readonly { readonly goneBy?: string }[];
}

const recordedOf = (host: 'wavespeed' | 'apiframe'): Recorded =>
  JSON.parse(readFileSync(new URL(`../../${host}/catalogue/recorded.json`, import.meta.url), 'utf8'));

const liveOf = ({ models }: Recorded): number => models.filter(({ goneBy }) => goneBy === undefined).length;

/** How many models each host's list has, by what was recorded of it. */
export const live = { wavespeed: liveOf(recordedOf('wavespeed')), apiframe: liveOf(recordedOf('apiframe')) };

/** How many WaveSpeed's list has dropped. */
export const dropped = recordedOf('wavespeed').models.length - live.wavespeed;

/** The days of the copies of WaveSpeed's list. */
export const copies = Object.keys(recordedOf('wavespeed').copies ?? {}).sort();

/** Serves the lists of both hosts after something has changed in them. */
export async function serveLists(
  change: (lists: Lists) => void,
): Promise<{ env: Env; asked: IncomingMessage[]; lists: Lists }> {
  const lists = await read();
  change(lists);
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const body = request.url === '/w/api/v3/models' ? lists.wavespeed : lists.apiframe;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const addresses = { WAVESPEED_BASE_URL: `${origin}/w`, APIFRAME_BASE_URL: `${origin}/a` };
  return {
    ...{ asked, lists },
    env: { ...addresses, WAVESPEED_API_KEY: 'key-of-wavespeed-1', APIFRAME_API_KEY: 'key-of-apiframe-1' },
  };
}

/** A model more, one less, and of another one a field more, one less, one that is another, and another price. */
export function changeAll(lists: Lists): void {
  const { wavespeed } = lists;
  const flash = entryOf(lists, 'bytedance/seedream-v5.0-lite');
  wavespeed.data.push({ ...structuredClone(flash), model_id: 'acme/new-image', base_price: 0.011 });
  wavespeed.data = wavespeed.data.filter(({ model_id }) => model_id !== 'google/nano-banana-pro/edit-ultra');
  const wan = entryOf(lists, 'alibaba/wan-2.7/text-to-image');
  wan.base_price = 0.5;
  const { properties, required } = schemaOf(wan);
  properties.mood = { type: 'string', enum: ['calm', 'wild'] };
  required.push('seed');
  delete properties.thinking_mode;
  properties.size = { ...properties.size, maximum: 16_384 };
  const bodies = bodiesOf(lists);
  const qwen = structuredClone(bodyOf(lists, 'qwen-image-2'));
  qwen.properties.model = { enum: ['qwen-image-9'], type: 'string' };
  bodies.push(qwen);
  bodies.splice(bodies.indexOf(bodyOf(lists, 'dall-e-2')), 1);
  const { style } = bodyOf(lists, 'dall-e-3').properties.dalleParams?.properties ?? {};
  if (style) style.enum = ['natural', 'bold'];
}
