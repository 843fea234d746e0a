import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyPoll, classifySubmit, effectiveStatus, type SubmitFacts } from '../../src/errors/classify.ts';
import { errorTraits } from '../../src/errors/error-traits.ts';
import { readSubmit } from '../../src/picture/reading.ts';

const sent = fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const);
const status = fc.integer({ min: 100, max: 599 });
const envelopeCode = fc.option(fc.oneof(status, fc.integer({ min: -1, max: 9999 })), { nil: undefined });
const facts = fc.record({ sent, keyed: fc.boolean(), hasJob: fc.boolean(), status, envelopeCode });
const answer = (more: Partial<SubmitFacts>): SubmitFacts => ({ sent: 'yes', keyed: false, hasJob: false, ...more });
const runs = { numRuns: 5000 };

describe('every answer to a submit', () => {
  test('has a verdict and a code of the table', () => {
    fc.assert(
      fc.property(facts, (each) => {
        const { verdict, code } = classifySubmit(each);
        expect(['accepted', 'not_accepted', 'refused', 'ambiguous']).toContain(verdict);
        expect(errorTraits).toHaveProperty(code);
      }),
      runs,
    );
  });

  test('with a job is accepted, whatever its status says', () => {
    fc.assert(
      fc.property(facts, (each) => {
        expect(classifySubmit({ ...each, hasJob: true }).verdict).toBe('accepted');
      }),
      runs,
    );
  });

  test('without a job is in doubt for every status that proves nothing', () => {
    for (let each = 100; each < 600; each += 1) {
      if (each >= 300 && each < 500 && each !== 303 && each !== 408) continue;
      for (const keyed of [true, false]) {
        for (const was of ['yes', 'no', 'unknown'] as const) {
          const { verdict, code } = classifySubmit(answer({ sent: was, keyed, status: each }));
          expect([each, verdict, code]).toEqual([each, 'ambiguous', 'submission_unknown']);
        }
      }
    }
  });

  test('with a 5xx or 408 is in doubt whatever its body says', () => {
    const doubtful = fc.oneof(fc.integer({ min: 500, max: 599 }), fc.constant(408));
    fc.assert(
      fc.property(doubtful, envelopeCode, fc.boolean(), (code, envelope, keyed) => {
        expect(classifySubmit(answer({ status: code, envelopeCode: envelope, keyed })).verdict).toBe('ambiguous');
      }),
    );
  });

  test('with a 2xx whose body reports a status is judged by that status', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(200, 201, 202),
        fc.integer({ min: 300, max: 599 }),
        fc.boolean(),
        (code, envelope, keyed) => {
          expect(classifySubmit(answer({ status: code, envelopeCode: envelope, keyed }))).toEqual(
            classifySubmit(answer({ status: envelope, keyed })),
          );
        },
      ),
    );
  });

  test.each<[number, boolean, string, string]>([
    [301, false, 'refused', 'invalid_response'],
    [307, false, 'refused', 'invalid_response'],
    [303, false, 'ambiguous', 'submission_unknown'],
    [400, false, 'refused', 'invalid_request'],
    [401, false, 'refused', 'unauthenticated'],
    [402, false, 'refused', 'insufficient_credit'],
    [403, false, 'refused', 'unauthenticated'],
    [404, false, 'refused', 'not_found'],
    [408, false, 'ambiguous', 'submission_unknown'],
    [409, false, 'refused', 'invalid_request'],
    [409, true, 'ambiguous', 'submission_unknown'],
    [413, false, 'refused', 'invalid_request'],
    [421, false, 'not_accepted', 'unavailable'],
    [422, false, 'refused', 'invalid_request'],
    [422, true, 'ambiguous', 'submission_unknown'],
    [425, false, 'not_accepted', 'unavailable'],
    [429, false, 'not_accepted', 'rate_limited'],
    [499, false, 'refused', 'invalid_request'],
    [500, true, 'ambiguous', 'submission_unknown'],
    [503, false, 'ambiguous', 'submission_unknown'],
  ])('HTTP %d, keyed %s: %s, %s', (code, keyed, verdict, name) => {
    expect(classifySubmit(answer({ status: code, keyed }))).toMatchObject({ verdict, code: name });
  });

  test('a key that was used for other words is told apart', () => {
    expect(classifySubmit(answer({ status: 422, keyed: true })).reason).toBe('idempotency_mismatch');
  });

  test.each([300, 302, 303, 307, 308])('a redirect %d says that it is one', (code) => {
    expect(classifySubmit(answer({ status: code })).reason).toBe('unexpected_redirect');
  });
});

describe('silence', () => {
  const networkCode = fc.constantFrom(undefined, 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNREFUSED');

  test('is free only where nothing was surely sent', () => {
    fc.assert(
      fc.property(sent, fc.boolean(), networkCode, (was, keyed, network) => {
        const { verdict } = classifySubmit({ sent: was, keyed, hasJob: false, networkCode: network });
        expect(verdict).toBe(was === 'no' ? 'not_accepted' : 'ambiguous');
      }),
    );
  });

  test.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('after %s is refused, and neither repeated nor hidden', (network) => {
    expect(classifySubmit({ sent: 'no', keyed: false, hasJob: false, networkCode: network })).toEqual({
      verdict: 'refused',
      code: 'unavailable',
      reason: 'untrusted_certificate',
    });
  });

  test('after the header has left is in doubt, whatever the network says', () => {
    const network = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
    expect(classifySubmit({ sent: 'yes', keyed: false, hasJob: false, networkCode: network }).verdict).toBe(
      'ambiguous',
    );
  });
});

test.each<[number, number | undefined, number]>([
  [200, undefined, 200],
  [200, 200, 200],
  [200, 429, 429],
  [201, 500, 500],
  [200, 1200, 1200],
  [500, 400, 500],
  [404, 200, 404],
])('HTTP %d with %s in its body counts as %d', (code, envelope, expected) => {
  expect(effectiveStatus(code, envelope)).toBe(expected);
});

test('a poll is ended only by what cannot heal', () => {
  const special = new Map([
    [401, 'unauthenticated'],
    [403, 'unauthenticated'],
    [404, 'missing'],
    [410, 'gone'],
  ]);
  for (let each = 100; each < 600; each += 1) expect(classifyPoll(each)).toBe(special.get(each) ?? 'again');
  expect(classifyPoll(undefined)).toBe('again');
});

test('a refusal that the host explains in words has no reason of the code that its status stands for', () => {
  const target = { provider: 'acme', modelId: 'painter' };
  const sending = { type: 'sending', at: 0, attempt: 1, target, request: { method: 'POST', path: '/' } } as const;
  const snapshot = { state: 'unrecognised', outputs: [], failure: 'moderated' } as const;
  const told: unknown[] = [];
  const say = (...words: unknown[]): unknown => told.push(words);
  readSubmit(sending, { status: 302, sent: 'yes', snapshot }, 0, say);
  readSubmit(sending, { status: 302, sent: 'yes', snapshot: undefined }, 0, say);
  expect(told).toEqual([
    ['moderated', {}],
    ['invalid_response', { reason: 'unexpected_redirect' }],
  ]);
});
