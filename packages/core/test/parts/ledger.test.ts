import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRequest } from '../../src/contract/request.ts';
import { ImageError } from '../../src/errors/image-error.ts';
import { requestKey, shorten, slimmed } from '../../src/ledger/fingerprint.ts';
import type { Intent, Ledger, LedgerEvent, LedgerRecord } from '../../src/ledger/ledger.ts';
import { createMemoryLedger } from '../../src/ledger/memory.ts';
import { foldRecord, isOpen } from '../../src/ledger/reduce.ts';
import { billedOf, currentJob, phaseOf } from '../../src/ledger/state.ts';

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
const stale = { ...refused, reason: 'ledger_stale' };

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
    expect(await ledger.claim('i1', 'me', 10_000)).toEqual({ fence, record: { intent: intent('i1'), events: [] } });
  });

  test('gives it to another after the lease, and refuses the old fence from then on', async () => {
    const clock = { at: 0 };
    const ledger = createMemoryLedger({ now: () => clock.at });
    await ledger.begin(intent('i1'));
    const mine = await ledger.claim('i1', 'me', 5);
    clock.at += 15;
    const theirs = await ledger.claim('i1', 'you', 10_000);
    expect(theirs?.fence).toBeGreaterThan(mine?.fence ?? Infinity);
    await expect(ledger.append('i1', mine?.fence ?? 0, accepted())).rejects.toMatchObject(stale);
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
    const clock = { at: 0 };
    const ledger = createMemoryLedger({ now: () => clock.at });
    const { fence = -1 } = await ledger.begin(intent('i1'), { owner: 'me', duration: 10 });
    await ledger.claim('i1', 'me', 0);
    const taken = await ledger.claim('i1', 'you', 1);
    clock.at += 5;
    expect(await ledger.claim('i1', 'me', 0)).toBeNull();
    await ledger.append('i1', taken?.fence ?? fence, sending());
    expect(taken?.fence).toBeGreaterThan(fence);
  });

  test.each(['append', 'claim'] as const)('%s refuses an intent that was never begun', async (method) => {
    const ledger = createMemoryLedger();
    const work = method === 'append' ? ledger.append('nope', 1, sending()) : ledger.claim('nope', 'me', 1);
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(ImageError.is(error)).toBe(true);
    expect(error).toMatchObject({ ...refused, code: 'not_found', reason: 'unknown_intent' });
  });

  test('lists what is not delivered, parked ones included', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'new');
    await finish(ledger, 'parked', sending(), unknown);
    await finish(ledger, 'paid', sending(), accepted());
    await finish(ledger, 'settled', sending(), accepted('j3'), settled('yes'));
    await finish(ledger, 'done', sending(), accepted('j2'), settled('yes'), delivered);
    await finish(ledger, 'again', delivered, sending());
    expect((await openIds(ledger)).sort()).toEqual(['again', 'new', 'paid', 'parked', 'settled']);
  });

  test('remembers the last thousand delivered intents and forgets the oldest, an eighth of a thousand at a time', async () => {
    const ledger = createMemoryLedger();
    const last = 1125;
    for (let index = 0; index <= last; index += 1) {
      await finish(ledger, `i${index}`, sending(), accepted(`j${index}`), settled('yes'), delivered);
    }
    expect((await ledger.begin(intent(`i${last - 999}`))).created).toBe(false);
    expect((await ledger.begin(intent(`i${last - 1000}`))).created).toBe(true);
    expect((await ledger.begin(intent('i0'))).created).toBe(true);
  });

  test('knows whose a job is after it has forgotten the intent', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'old', sending(), accepted('paid'), settled('yes'), delivered);
    for (let index = 0; index < 1125; index += 1) await finish(ledger, `i${index}`, delivered);
    const [owner] = await ledger.find({ job: job('paid') });
    expect([owner?.intent.id, owner && phaseOf(foldRecord(owner))]).toEqual(['old', 'delivered']);
    await ledger.begin(intent('thief'));
    const { fence = -1 } = (await ledger.claim('thief', 'me', 10)) ?? {};
    await expect(ledger.append('thief', fence, accepted('paid'))).rejects.toMatchObject({ reason: 'job_taken' });
  });

  test('keeps a send that was declared absent, which counts among those of its words', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'absent', { ...sending(), words: 'w' } as LedgerEvent, unknown, { type: 'resolved', at: 3 });
    for (let index = 0; index < 1500; index += 1) await finish(ledger, `i${index}`, delivered);
    expect((await ledger.find({ words: 'w' })).map(({ intent: { id } }) => id)).toEqual(['absent']);
  });

  test('keeps a reference picture once for all that carry it', async () => {
    const ledger = createMemoryLedger();
    const image = `data:image/png;base64,${'A'.repeat(1000)}`;
    const images = [image];
    const { record } = await ledger.begin({ ...intent('a'), request: { ...request, images } });
    expect(record.intent.request.images).toBe(images);
  });

  test('never forgets an intent that is open, however many are delivered', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'open', sending(), accepted());
    for (let index = 0; index < 1500; index += 1) await finish(ledger, `i${index}`, delivered);
    expect(await openIds(ledger)).toEqual(['open']);
  });

  test('never forgets a paid job of a request that was closed before and tried anew', async () => {
    const ledger = createMemoryLedger();
    await finish(ledger, 'again', sending(), rejected, delivered);
    await finish(ledger, 'again', sending(2), accepted('paid'));
    for (let index = 0; index < 1125; index += 1) await finish(ledger, `i${index}`, delivered);
    expect(await openIds(ledger)).toEqual(['again']);
    expect(currentJob(foldRecord((await ledger.begin(intent('again'))).record))?.job).toEqual(job('paid'));
  });
});

describe('where an intent stands', () => {
  const fold = (...events: LedgerEvent[]) => {
    const state = foldRecord({ intent: intent('i1'), events });
    return { phase: phaseOf(state), job: currentJob(state)?.job, attempts: state.attempts };
  };

  test.each<[string, LedgerEvent[], object]>([
    ['new', [], { attempts: 0 }],
    ['sending', [sending()], { attempts: 1 }],
    ['new', [sending(), rejected], { attempts: 1 }],
    ['unknown', [sending(), unknown], { attempts: 1 }],
    ['accepted', [sending(), accepted()], { job: job('j1') }],
    ['accepted', [sending(), unknown, accepted()], { job: job('j1') }],
    ['settled', [sending(), accepted(), settled('yes')], { job: job('j1') }],
    ['delivered', [sending(), accepted(), settled('yes'), delivered], { job: job('j1') }],
    ['closed', [sending(), rejected, delivered], { attempts: 1 }],
    ['closed', [sending(), accepted(), settled('no', 'failed'), delivered], {}],
    ['sending', [sending(), rejected, sending(2)], { attempts: 2 }],
    ['sending', [sending(), accepted(), settled('no', 'failed'), sending(2)], { attempts: 2 }],
  ])('%s after %j', (phase, events, more) => expect(fold(...events)).toMatchObject({ phase, ...more }));

  test('a paid job that was delivered, although its settling could not be written, is not paid again', () => {
    expect(fold(sending(), accepted(), delivered)).toMatchObject({ phase: 'delivered', job: job('j1') });
  });

  test('an intent with a submit in doubt is never over, and may have been charged', () => {
    for (const events of [
      [sending(), unknown, delivered],
      [sending(), delivered],
    ]) {
      const record = { intent: intent('i1'), events };
      expect([isOpen(record), billedOf(foldRecord(record))]).toEqual([true, 'unknown']);
    }
  });

  test('a delivered job that may have been paid is not paid again', () => {
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
        const first = events.findIndex(({ type }) => type === 'accepted');
        const after = events.slice(first + 1);
        const isFree = after.some((each) => each.type === 'settled' && each.billed === 'no');
        if (first < 0 || isFree) return;
        const state = fold(...events);
        expect(state.job).toEqual(job('j1'));
        expect(['new', 'closed']).not.toContain(state.phase);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the key of a request', () => {
  test('does not depend on the order of members, at any depth', () => {
    const one: ImageRequest = { ...request, seed: 1, providerOptions: { a: { x: 1, y: { p: 1, q: 2 } }, b: {} } };
    const two: ImageRequest = {
      providerOptions: { b: {}, a: { y: { q: 2, p: 1 }, x: 1 } },
      fit: 'exact',
      images: [],
      seed: 1,
      prompt: 'x',
    };
    expect(requestKey(one)).toBe(requestKey(two));
  });

  test.each<[string, Partial<ImageRequest>]>([
    ['prompt', { prompt: 'y' }],
    ['seed', { seed: 0 }],
    ['size', { size: { width: 1, height: 2 } }],
    ['pictures', { images: ['https://x/a.png'] }],
    ['native fields', { providerOptions: { a: { x: 1 } } }],
  ])('another %s is another request', (_, more) =>
    expect(requestKey({ ...request, ...more })).not.toBe(requestKey(request)),
  );

  test('the order of pictures and of lists counts', () => {
    const key = (images: string[]) => requestKey({ ...request, images });
    expect(key(['https://a', 'https://b'])).not.toBe(key(['https://b', 'https://a']));
  });

  test('pictures given as data are short in it and still told apart', () => {
    const data = (fill: string): string => `data:image/png;base64,${fill.repeat(100_000)}`;
    expect(shorten(data('A')).length).toBeLessThan(60);
    expect(shorten(data('A'))).not.toBe(shorten(data('B')));
    expect(requestKey({ ...request, images: [data('A')] }).length).toBeLessThan(300);
    expect(requestKey({ ...request, images: [data('A')] })).not.toBe(requestKey({ ...request, images: [data('B')] }));
    expect(shorten('https://x/a.png')).toBe('https://x/a.png');
  });

  test('a request whose pictures were shortened before is still the same request', () => {
    const images = [`data:image/png;base64,${'A'.repeat(5000)}`];
    const kept = { ...request, images: images.map(shorten) };
    expect(requestKey(kept)).toBe(requestKey({ ...request, images }));
    const masked = { ...request, images, mask: images[0] ?? '' };
    expect(requestKey(slimmed(masked))).toBe(requestKey(masked));
    expect(slimmed(masked).mask).toMatch(/^data:#/);
  });
});
