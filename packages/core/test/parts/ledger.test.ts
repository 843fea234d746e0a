import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRequest } from '../../src/contract/request.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import { foldRecord, type Intent, type Ledger, type LedgerEvent, type LedgerRecord } from '../../src/ledger/ledger.ts';
import { createMemoryLedger } from '../../src/ledger/memory.ts';
import { shorten, wishKey } from '../../src/ledger/wish.ts';

const request: ImageRequest = { prompt: 'x', images: [], fit: 'exact', providerOptions: {} };
const target = { provider: 'fake', modelId: 'x/y' };
const intent = (id: string): Intent => ({ id, createdAt: 1, request, route: [target] });
const job = (id: string) => ({ ...target, id });
const cost = { source: 'unknown' } as const;

const sending = (attempt = 1): LedgerEvent => ({
  type: 'sending',
  at: 1,
  attempt,
  target,
  request: { method: 'POST', path: '/' },
});
const accepted = (id = 'j1'): LedgerEvent => ({ type: 'accepted', at: 2, job: job(id) });
const rejected: LedgerEvent = { type: 'rejected', at: 2, code: 'rate_limited' };
const unknown: LedgerEvent = { type: 'unknown', at: 2, candidates: [] };
const settled = (billed: 'yes' | 'no' | 'unknown', outcome: 'completed' | 'failed' = 'completed'): LedgerEvent => ({
  type: 'settled',
  at: 3,
  outcome,
  billed,
  cost,
  urls: [],
});
const delivered: LedgerEvent = { type: 'delivered', at: 4 };

async function begun(id = 'i1'): Promise<{ ledger: Ledger; fence: number }> {
  const ledger = createMemoryLedger();
  await ledger.begin(intent(id));
  const claim = await ledger.claim(id, 'me', 10_000);
  return { ledger, fence: claim?.fence ?? -1 };
}

async function openIds(ledger: Ledger): Promise<string[]> {
  const ids: string[] = [];
  for await (const record of ledger.open()) ids.push(record.intent.id);
  return ids;
}

async function finish(ledger: Ledger, id: string, ...events: LedgerEvent[]): Promise<void> {
  await ledger.begin(intent(id));
  const claim = await ledger.claim(id, 'me', 10_000);
  for (const event of events) await ledger.append(id, claim?.fence ?? -1, event);
  await ledger.claim(id, 'me', 0);
}

const refused = { code: 'unavailable', reason: 'ledger_unavailable', billed: 'no', stage: 'ledger' };

describe('a memory ledger', () => {
  test('says that it does not outlive the process', () => expect(createMemoryLedger().durability).toBe('none'));

  test('creates an intent once and then shows what stands', async () => {
    const { ledger, fence } = await begun();
    await ledger.append('i1', fence, sending());
    const again = await ledger.begin({ ...intent('i1'), createdAt: 99 });
    expect(again).toEqual({ created: false, record: { intent: intent('i1'), events: [sending()] } });
  });

  test('shares nothing with another ledger', async () => {
    await begun();
    expect(await openIds(createMemoryLedger())).toEqual([]);
  });

  test('a record that was handed out does not change any more', async () => {
    const { ledger, fence } = await begun();
    const { record } = await ledger.begin(intent('i1'));
    await ledger.append('i1', fence, sending());
    expect(record.events).toEqual([]);
  });

  test('lets one of many take an intent', async () => {
    const ledger = createMemoryLedger();
    await ledger.begin(intent('i1'));
    const claims = await Promise.all(Array.from({ length: 50 }, (_, index) => ledger.claim('i1', `o${index}`, 1000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('lets the holder take it again under the same fence', async () => {
    const { ledger, fence } = await begun();
    expect(await ledger.claim('i1', 'me', 10_000)).toEqual({ fence });
  });

  test('gives it to another after the lease, and refuses the old fence from then on', async () => {
    const ledger = createMemoryLedger();
    await ledger.begin(intent('i1'));
    const mine = await ledger.claim('i1', 'me', 5);
    await new Promise((resolve) => setTimeout(resolve, 15));
    const theirs = await ledger.claim('i1', 'you', 10_000);
    expect(theirs?.fence).toBeGreaterThan(mine?.fence ?? Infinity);
    await expect(ledger.append('i1', mine?.fence ?? 0, accepted())).rejects.toMatchObject(refused);
    await expect(ledger.append('i1', theirs?.fence ?? 0, accepted())).resolves.toBeUndefined();
    expect(await ledger.claim('i1', 'me', 1000)).toBeNull();
  });

  test('gives it to another at once when it is given back, and a late second giving back changes nothing', async () => {
    const { ledger } = await begun();
    await ledger.claim('i1', 'me', 0);
    const theirs = await ledger.claim('i1', 'you', 10_000);
    expect(theirs).not.toBeNull();
    expect(await ledger.claim('i1', 'me', 0)).toBeNull();
    await expect(ledger.append('i1', theirs?.fence ?? 0, sending())).resolves.toBeUndefined();
  });

  test('whoever was overtaken and comes back gets a new fence', async () => {
    const { ledger, fence } = await begun();
    await ledger.claim('i1', 'me', 0);
    await ledger.claim('i1', 'you', 1000);
    await ledger.claim('i1', 'you', 0);
    const back = await ledger.claim('i1', 'me', 1000);
    expect(back?.fence).toBeGreaterThan(fence + 1);
  });

  test('whoever gives back what another has taken over meanwhile gives back nothing', async () => {
    const { ledger, fence } = await begun();
    await ledger.claim('i1', 'me', 0);
    const taken = await ledger.claim('i1', 'you', 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await ledger.claim('i1', 'me', 0)).toBeNull();
    await ledger.append('i1', taken?.fence ?? fence, sending());
    expect(taken?.fence).toBeGreaterThan(fence);
  });

  test.each(['append', 'claim'] as const)('%s refuses an intent that was never begun', async (method) => {
    const ledger = createMemoryLedger();
    const work = method === 'append' ? ledger.append('nope', 1, sending()) : ledger.claim('nope', 'me', 1);
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject(refused);
  });

  test('lists what is not delivered, parked ones included', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'new');
    await finish(ledger, 'parked', sending(), unknown);
    await finish(ledger, 'paid', sending(), accepted());
    await finish(ledger, 'settled', sending(), accepted(), settled('yes'));
    await finish(ledger, 'done', sending(), accepted(), settled('yes'), delivered);
    await finish(ledger, 'again', delivered, sending());
    expect((await openIds(ledger)).sort()).toEqual(['again', 'new', 'paid', 'parked', 'settled']);
  });

  test('remembers a thousand delivered intents and forgets the oldest', async () => {
    const ledger = createMemoryLedger();
    for (let index = 0; index <= 1000; index += 1) await finish(ledger, `i${index}`, settled('yes'), delivered);
    expect((await ledger.begin(intent('i1'))).created).toBe(false);
    expect((await ledger.begin(intent('i0'))).created).toBe(true);
  });

  test('never forgets an intent that is open, however many are delivered', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'open', sending(), accepted());
    for (let index = 0; index < 1500; index += 1) await finish(ledger, `i${index}`, delivered);
    expect(await openIds(ledger)).toEqual(['open']);
  });

  test('never forgets a paid job of a wish that was closed before and tried anew', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'again', sending(), rejected, delivered);
    await finish(ledger, 'again', sending(2), accepted('paid'));
    for (let index = 0; index < 1000; index += 1) await finish(ledger, `i${index}`, settled('yes'), delivered);
    expect(await openIds(ledger)).toEqual(['again']);
    expect(foldRecord((await ledger.begin(intent('again'))).record).job).toEqual(job('paid'));
  });
});

describe('where an intent stands', () => {
  const fold = (...events: LedgerEvent[]) => foldRecord({ intent: intent('i1'), events });

  test.each<[string, LedgerEvent[], object]>([
    ['new', [], { attempts: 0 }],
    ['sending', [sending()], { attempts: 1, sending: sending() }],
    ['new', [sending(), rejected], { attempts: 1 }],
    ['unknown', [sending(), unknown], { attempts: 1, sending: sending() }],
    ['accepted', [sending(), accepted()], { job: job('j1') }],
    ['accepted', [sending(), unknown, accepted()], { job: job('j1') }],
    ['settled', [sending(), accepted(), settled('yes')], { job: job('j1'), settled: settled('yes') }],
    ['delivered', [sending(), accepted(), settled('yes'), delivered], { job: job('j1') }],
    ['closed', [sending(), rejected, delivered], { attempts: 1 }],
    ['closed', [sending(), accepted(), settled('no', 'failed'), delivered], {}],
    ['sending', [sending(), rejected, sending(2)], { attempts: 2 }],
    ['sending', [sending(), accepted(), settled('no', 'failed'), sending(2)], { attempts: 2 }],
  ])('%s after %j', (phase, events, more) => expect(fold(...events)).toMatchObject({ phase, ...more }));

  test('a paid job that was delivered, although its settling could not be written, is not paid again', () => {
    expect(fold(sending(), accepted(), delivered)).toMatchObject({ phase: 'delivered', job: job('j1') });
  });

  test('a submit in doubt is never closed', () => {
    expect(fold(sending(), unknown, delivered).phase).not.toBe('closed');
    expect(fold(sending(), delivered).phase).not.toBe('closed');
  });

  test('a delivered job of which nobody knows whether it was paid is not paid again', () => {
    expect(fold(sending(), accepted(), settled('unknown', 'failed'), delivered).phase).not.toBe('closed');
  });

  test('reads the same from the same events, and changes none', () => {
    const record: LedgerRecord = Object.freeze({
      intent: intent('i1'),
      events: Object.freeze([sending(), accepted()]),
    });
    expect(foldRecord(record)).toEqual(foldRecord(record));
  });

  test('no order of events loses a job that may be paid', () => {
    const event = fc.constantFrom(
      sending(),
      sending(2),
      accepted(),
      rejected,
      unknown,
      settled('yes'),
      settled('no', 'failed'),
      delivered,
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        const last = events.findLastIndex(({ type }) => type === 'accepted');
        const after = events.slice(last + 1);
        const isFree = after.some((each) => each.type === 'settled' && each.billed === 'no');
        if (last < 0 || isFree) return;
        const standing = fold(...events);
        expect(standing.job).toEqual(job('j1'));
        expect(['new', 'closed']).not.toContain(standing.phase);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the key of a wish', () => {
  test('does not depend on the order of members, at any depth', () => {
    const one: ImageRequest = { ...request, seed: 1, providerOptions: { a: { x: 1, y: { p: 1, q: 2 } }, b: {} } };
    const two: ImageRequest = {
      providerOptions: { b: {}, a: { y: { q: 2, p: 1 }, x: 1 } },
      fit: 'exact',
      images: [],
      seed: 1,
      prompt: 'x',
    };
    expect(wishKey(one)).toBe(wishKey(two));
  });

  test.each<[string, Partial<ImageRequest>]>([
    ['prompt', { prompt: 'y' }],
    ['seed', { seed: 0 }],
    ['size', { size: { width: 1, height: 2 } }],
    ['pictures', { images: ['https://x/a.png'] }],
    ['native fields', { providerOptions: { a: { x: 1 } } }],
  ])('another %s is another wish', (_, more) => expect(wishKey({ ...request, ...more })).not.toBe(wishKey(request)));

  test('the order of pictures and of lists counts', () => {
    const key = (images: string[]) => wishKey({ ...request, images });
    expect(key(['https://a', 'https://b'])).not.toBe(key(['https://b', 'https://a']));
  });

  test('pictures given as data are short in it and still told apart', () => {
    const data = (fill: string): string => `data:image/png;base64,${fill.repeat(100_000)}`;
    expect(shorten(data('A')).length).toBeLessThan(60);
    expect(shorten(data('A'))).not.toBe(shorten(data('B')));
    expect(wishKey({ ...request, images: [data('A')] }).length).toBeLessThan(300);
    expect(wishKey({ ...request, images: [data('A')] })).not.toBe(wishKey({ ...request, images: [data('B')] }));
    expect(shorten('https://x/a.png')).toBe('https://x/a.png');
  });

  test('a wish whose pictures were shortened before is still the same wish', () => {
    const images = [`data:image/png;base64,${'A'.repeat(5000)}`];
    const kept = { ...request, images: images.map(shorten) };
    expect(wishKey(kept)).toBe(wishKey({ ...request, images }));
  });
});
