import { createApiframe } from '@imageport/apiframe';
import { describe, expect, test } from 'vitest';
import { fetchTransport } from '../src/host/fetch-transport.ts';
import { createMemoryLedger, generateImage } from '../src/index.ts';
import { toPng } from './pictures.ts';

const prompt = 'a lighthouse in fog at dawn';
const [picture, mask] = [toPng(40), toPng(50)];
const url = 'https://example.com/a.png';
const id = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

/** A host that takes only addresses, as the wire has it; it notes what it is sent. */
function createRepainter() {
  const sent: [path: string, body: unknown][] = [];
  const answer = (path: string): [status: number, body: object] => {
    if (path === '/v2/uploads') return [201, { url: `https://cdn.example.com/uploads/${sent.length}.png` }];
    if (path.startsWith('/v2/images/')) return [202, { jobId: id, status: 'QUEUED' }];
    return [200, { id, status: 'COMPLETED', result: { images: [url] }, creditCost: 9 }];
  };
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    const file = request.headers.get('content-type')?.startsWith('multipart');
    if (request.method === 'POST') sent.push([pathname, file ? 'a file' : await request.json()]);
    const [status, body] = answer(pathname);
    return Response.json(body, { status });
  };
  const host = createApiframe({ apiKey: 'afk_key', transport: fetchTransport(fetch) });
  return { sent, model: (modelId: string) => host(modelId) };
}

const repaint = { prompt, interval: 1 };
const asked = (fields: object) => ({ model: 'flux-fill-pro', fluxFillParams: { prompt, mode: 'inpaint', ...fields } });
const uploaded = (count: number): string => `https://cdn.example.com/uploads/${count}.png`;

describe('a mask that is given as data', () => {
  test('is uploaded beside the picture that it is for, and sent as an address', async () => {
    const { sent, model } = createRepainter();
    await generateImage({ model: model('flux-fill-pro'), images: [picture], mask, ...repaint });
    expect(sent.map(([path]) => path)).toEqual(['/v2/uploads', '/v2/uploads', '/v2/images/edit']);
    const [, , [, body] = []] = sent;
    expect([
      asked({ image: uploaded(1), mask: uploaded(2) }),
      asked({ image: uploaded(2), mask: uploaded(1) }),
    ]).toContainEqual(body);
  });

  test('is uploaded also where the picture is an address already', async () => {
    const { sent, model } = createRepainter();
    await generateImage({ model: model('flux-fill-pro'), images: [url], mask, ...repaint });
    expect(sent).toEqual([
      ['/v2/uploads', 'a file'],
      ['/v2/images/edit', asked({ image: url, mask: uploaded(1) })],
    ]);
  });

  test('fills no closed record of a ledger', async () => {
    const { model } = createRepainter();
    const ledger = createMemoryLedger();
    const large = toPng(50_000);
    await generateImage({
      model: model('flux-fill-pro'),
      images: [url],
      mask: large,
      ledger,
      intentId: 'a',
      ...repaint,
    });
    const records = await ledger.find({ job: { provider: 'apiframe', id } });
    expect(records.map(({ intent }) => intent.request.mask)).toEqual([expect.stringMatching(/^data:#/)]);
  });
});

test('a mask that is an address is sent as it is', async () => {
  const { sent, model } = createRepainter();
  await generateImage({ model: model('flux-fill-pro'), images: [url], mask: url, ...repaint });
  expect(sent).toEqual([['/v2/images/edit', asked({ image: url, mask: url })]]);
});

test('a mask that a model does not take is refused before it is uploaded', async () => {
  const { sent, model } = createRepainter();
  await expect(
    generateImage({ model: model('ideogram-v2'), images: [picture], mask, ...repaint }),
  ).rejects.toMatchObject({ code: 'unsupported', billed: 'no' });
  expect(sent).toEqual([]);
});
