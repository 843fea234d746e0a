import { randomUUID } from 'node:crypto';
import type { Exchange } from '../http/endpoint.ts';
import { json, type Reply } from '../http/message.ts';
import { readFile } from '../http/multipart.ts';
import { sniff } from '../uploads.ts';
import { creditRange, modelsOf } from './catalogue.ts';

const identity = { user: randomUUID(), team: randomUUID(), key: randomUUID() };
const uploadLife = 60 * 60 * 1000;
const megabyte = 1024 * 1024;

/** GET /v2/me: the balance is `team.credits`. */
export function me({ world, apiKey }: Exchange): Reply {
  const credits = Math.max(0, Math.floor(world.jobs.balance('apiframe')));
  return json(200, {
    user: { id: identity.user, email: 'emulator@example.com', role: 'MEMBER' },
    team: { id: identity.team, name: 'Emulator', credits, plan: 'pro', customerId: null, maxConcurrentJobs: 10 },
    apiKey: { id: identity.key, name: 'emulator', prefix: apiKey.slice(0, 8) },
  });
}

/** GET /v2/models: it asks for no key. */
export function listModels({ call }: Exchange): Reply {
  const modality = call.url.searchParams.get('modality') ?? 'image';
  if (!['image', 'video', 'music'].includes(modality)) return json(400, { error: 'Invalid modality' });
  if (modality !== 'image') return json(200, { models: [] });
  const models = modelsOf('generate').map((model) => {
    const [costMin, costMax] = creditRange(model);
    return { id: model.id, label: model.id, modality, costMin, costMax, pricingMode: 'per-output' };
  });
  return json(200, { models });
}

/** POST /v2/uploads: what a file is follows from its bytes, whatever the caller calls it. */
export async function upload(exchange: Exchange): Promise<Reply> {
  const file = await readFile(exchange);
  if (!file) return json(400, { error: 'File is required' });
  const type = sniff(file.bytes);
  if (!type) return json(400, { error: 'Unsupported file type' });
  if (file.bytes.length > (type.kind === 'video' ? 50 : 25) * megabyte) return json(400, { error: 'File too large' });
  const { id, name } = exchange.world.uploads.add(file.bytes, type.extension);
  return json(201, {
    id,
    url: `${exchange.origin}/uploads/${name}`,
    kind: type.kind,
    contentType: type.contentType,
    byteSize: file.bytes.length,
    expiresAt: new Date(Date.now() + uploadLife).toISOString(),
  });
}
