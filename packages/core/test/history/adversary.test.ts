import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { createFileLedger } from '../../src/node/index.ts';
import { testLedger } from '../../src/testing/index.ts';
import { type Adversary, createAdversary } from './adversary.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';
import { createRandom } from './random.ts';
import { type Clock, inVirtualTime, pause } from './virtual-time.ts';

const apiframe = 'https://apiframe.example.com/v2';
const wavespeed = 'https://wavespeed.example.com/api/v3';
const hour = 3_600_000;

/** A calm host, so that what it says is what its documents say. */
const calmly = <T>(work: (adversary: Adversary, clock: Clock) => Promise<T>, strangers = 0): Promise<T> =>
  inVirtualTime(createRandom(1), async (clock) => {
    const adversary = createAdversary({
      ...{ random: createRandom(2), skew: { wavespeed: 600_000, apiframe: 0 }, now: clock.now, epoch: clock.epoch },
      ...{ mischief: 0, strangers, strangersEqual: false, oldEqual: false, seeds: [], tellsInputs: true },
      ...{ without: new Set<never>(), taken: () => [] },
    });
    adversary.calm();
    return work(adversary, clock);
  });

/** What a host of a test answers, read as loosely as a test may. */
interface Answer {
  readonly jobId?: string;
  readonly id?: string;
  readonly status?: string;
  readonly jobs?: readonly object[];
  readonly nextCursor?: string | null;
  readonly data?: {
    readonly id?: string;
    readonly items?: readonly { readonly id: string; readonly input?: object }[];
  };
}

async function ask({ fetchFor }: Adversary, url: string, body?: object, key?: string): Promise<Answer> {
  const init = body && { method: 'POST', body: JSON.stringify(body), headers: key ? { 'idempotency-key': key } : {} };
  const response = await fetchFor({ name: 'p', ledger: 'ledger' })(url, init);
  expect(response.headers.get('date')).not.toBe(null);
  return (await response.json()) as Answer;
}

const body = { model: 'seedream-4', prompt: 'a lighthouse' };

describe('the adversarial host, when it is calm,', () => {
  test('returns the job of a key for 24 hours, and forgets it then', () =>
    calmly(async (adversary) => {
      const submit = (): Promise<Answer> => ask(adversary, `${apiframe}/images/generate`, body, 'key');
      const first = await submit();
      await pause(23.9 * hour);
      expect((await submit()).jobId).toBe(first.jobId);
      await pause(0.2 * hour);
      expect((await submit()).jobId).not.toBe(first.jobId);
      expect(adversary.jobs.filter(({ kept }) => kept)).toHaveLength(2);
    }));

  test('makes a job of every submit that has no key, and lists it with its inputs', () =>
    calmly(async (adversary) => {
      const made = [await ask(adversary, `${wavespeed}/m/a`, { prompt: 'x' })];
      made.push(await ask(adversary, `${wavespeed}/m/a`, { prompt: 'x' }));
      const { data } = await ask(adversary, `${wavespeed}/predictions`, { page: 1, page_size: 100, model: 'm/a' });
      expect(data?.items?.map(({ id }) => id)).toEqual(made.map((each) => each.data?.id).reverse());
      expect(data?.items?.map(({ input }) => input)).toEqual([{ prompt: 'x' }, { prompt: 'x' }]);
    }));

  test('lists a hundred jobs a page, by its own clock', () =>
    calmly(async (adversary, clock) => {
      await pause(20 * 60_000);
      const list = (page: number, more = {}): Promise<Answer> =>
        ask(adversary, `${wavespeed}/predictions`, { page, page_size: 100, ...more });
      const pages = [await list(1), await list(2), await list(3)].map(({ data }) => data?.items?.length);
      expect(pages).toEqual([100, 50, 0]);
      // Ten minutes ahead: what is now here was ten minutes ago there.
      const since = new Date(clock.epoch + 900_000).toISOString();
      expect((await list(1, { created_after: since })).data?.items).toEqual([]);
    }, 150));

  test('says what the document of its API says', () =>
    calmly(async (adversary) => {
      const submitted = await ask(adversary, `${apiframe}/images/generate`, body);
      await pause(60_000);
      const job = await ask(adversary, `${apiframe}/jobs/${submitted.jobId}`);
      const list = await ask(adversary, `${apiframe}/jobs?limit=1`);
      expect([job.id, job.status]).toEqual([submitted.jobId, 'COMPLETED']);
      expect(list.jobs?.[0]).not.toHaveProperty('input');
      for (const [schema, answer] of Object.entries({ JobAccepted: submitted, Job: job, JobList: list })) {
        expect(problemsOf(schema, answer), schema).toEqual([]);
      }
    }, 3));
});

const document = new URL('../../../../../shared/wire/apiframe-openapi.json', import.meta.url);

/** What the host's own schema finds wrong, where its document lies beside the repository. */
function problemsOf(schema: string, answer: Answer): unknown[] {
  if (!existsSync(document)) return [];
  const { components }: { components: { schemas: Record<string, object> } } = JSON.parse(
    readFileSync(document, 'utf8'),
  );
  expect(components.schemas).toHaveProperty(schema);
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile({ ...components.schemas[schema], components });
  validate(answer);
  return validate.errors ?? [];
}

describe('a file ledger on a disk in memory', () => {
  const disks = new WeakMap<object, MemoryDisk>();
  const openOn = (disk: MemoryDisk) => {
    const ledger = createFileLedger('/ledger.jsonl', { io: disk.mount() });
    disks.set(ledger, disk);
    return ledger;
  };
  const checks = testLedger(
    async () => openOn(createMemoryDisk()),
    async (ledger) => {
      const disk = disks.get(ledger) ?? createMemoryDisk();
      disk.crash();
      return openOn(disk);
    },
  );
  test.each(checks)('$name', ({ run }) => run());
});
