import { describe, expect, test } from 'vitest';
import {
  createMemoryLedger,
  createWebhookHub,
  generateImage,
  type Ledger,
  submitImage,
  type WebhookHub,
} from '../../src/index.ts';
import { createWorld, type HostName, hosts, inVirtualTime, type World } from '../world.ts';
import { type Ended, ended, listOpen, open } from './kit.ts';

const prompt = 'a pier';
const origin = 'https://elsewhere.example.com/wavespeed';

interface Submit {
  readonly webhooks: WebhookHub;
  /** The body that nobody got. */
  readonly input: unknown;
}

/** A call at another address whose submit is cut off before it is carried, and the addresses that it asked. */
async function lose(
  host: HostName,
  { webhooks, ledger, cut }: { webhooks: WebhookHub; ledger?: Ledger; cut?: (submit: Submit) => void },
): Promise<Ended & { readonly asked: readonly string[] }> {
  const world = createWorld();
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = (url, init) => {
    asked.push(String(url));
    if (init?.method !== 'POST' || String(url).endsWith('/predictions')) return world.emulator.fetch(url, init);
    cut?.({ webhooks, input: JSON.parse(String(init.body)) });
    return Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }));
  };
  const account = open(world, host, { baseUrl: `https://elsewhere.example.com/${host}`, exclusive: true, fetch });
  const call = { model: account('seedream-4'), prompt, webhooks, ...(ledger ? { ledger } : {}) };
  return { ...(await ended(generateImage({ ...call, timeout: 20_000 }))), asked };
}

const reportOf = ({ wavespeed: { adapter } }: World, id: string, input?: unknown) => {
  const created = new Date().toISOString();
  const body = { id, model: 'bytedance/seedream-v4', status: 'completed', outputs: [], created_at: created };
  return { job: { provider: 'wavespeed', id }, snapshot: adapter.parse(input ? { ...body, input } : body) };
};

const naming = (asked: readonly string[], id: string): string[] => asked.filter((url) => url.includes(id));

describe('D16: a search that reads what webhooks reported', () => {
  test.each(hosts)('asks nowhere else about a job that another account of %s has in this process', (host) =>
    inVirtualTime(async () => {
      const world = createWorld();
      const webhooks = createWebhookHub();
      const { id } = await submitImage({ model: world.model(host), prompt });
      webhooks.notify({ job: { provider: host, id }, snapshot: reportOf(world, id).snapshot });
      const { error, asked } = await lose(host, { webhooks });
      expect(error).toMatchObject({ code: 'submission_unknown', candidates: [] });
      expect(asked).not.toHaveLength(0);
      expect(naming(asked, id)).toEqual([]);
    }),
  );

  test('asks nowhere else about a job that the ledger has', () =>
    inVirtualTime(async () => {
      const world = createWorld();
      const [webhooks, ledger] = [createWebhookHub(), createMemoryLedger()];
      await submitImage({ model: world.model('wavespeed'), prompt, ledger });
      const [record] = await listOpen(ledger);
      if (!record) throw new Error('the ledger has no record');
      // As another process would have written it.
      const { fence = 0 } = await ledger.begin({ ...record.intent, id: 'other' }, { owner: 'other', duration: 99_000 });
      for (const event of record.events) {
        const job = { provider: 'wavespeed', modelId: 'seedream-4', id: 'job-of-another-process' };
        await ledger.append('other', fence, event.type === 'accepted' ? { ...event, job } : event);
      }
      webhooks.notify(reportOf(world, 'job-of-another-process'));
      const { error, asked } = await lose('wavespeed', { webhooks, ledger });
      expect(error).toMatchObject({ code: 'submission_unknown', candidates: [] });
      expect(naming(asked, 'job-of-another-process')).toEqual([]);
    }));

  test('names a job that its own address does not show without an address', () =>
    inVirtualTime(async () => {
      const webhooks = createWebhookHub();
      webhooks.notify(reportOf(createWorld(), 'job-of-nobody'));
      const { error } = await lose('wavespeed', { webhooks });
      expect(error).toMatchObject({ code: 'submission_unknown', candidates: [{ id: 'job-of-nobody' }] });
      expect(error?.candidates?.[0]).not.toHaveProperty('origin');
    }));

  test('does not count a job in the same words that its own address does not show', () =>
    inVirtualTime(async () => {
      const world = createWorld();
      const cut = ({ webhooks, input }: Submit): void => webhooks.notify(reportOf(world, 'job-of-nobody', input));
      const { error } = await lose('wavespeed', { webhooks: createWebhookHub(), cut });
      expect(error).toMatchObject({ code: 'submission_unknown', billed: 'unknown' });
      expect(error?.job).toBeUndefined();
      expect(error?.candidates).toMatchObject([{ id: 'job-of-nobody' }]);
      expect(error?.candidates?.[0]).not.toHaveProperty('origin');
    }));

  test('names a job that its own address shows with that address', () =>
    inVirtualTime(async () => {
      const world = createWorld({ listLag: 600_000, faults: [{ on: 'submit', reset: 'after' }] });
      const webhooks = createWebhookHub();
      const account = open(world, 'wavespeed', { baseUrl: origin });
      setTimeout(() => webhooks.notify(reportOf(world, world.emulator.jobs()[0]?.id ?? '')), 500);
      const call = generateImage({ model: account('seedream-4'), prompt, webhooks, timeout: 20_000 });
      const { error } = await ended(call);
      const { id } = world.emulator.jobs()[0] ?? {};
      expect(error).toMatchObject({ code: 'submission_unknown', candidates: [{ id, origin }] });
    }));
});
