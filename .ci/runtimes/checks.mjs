// What must hold in every runtime, with nothing but `fetch`, Web Crypto and timers: no Node, no network.
import { createApiframe } from '@imageport/apiframe';
import { checkImage, createRegistry, generateImage, ImageError, pollImage, submitImage } from '@imageport/core';
import { createGateway } from '@imageport/gateway';
import { createWavespeed, verifyWavespeedWebhook } from '@imageport/wavespeed';
import { createStub } from './stub.mjs';

const apiKey = 'key-0123456789abcdef';
const prompt = 'a lighthouse in fog at dawn';
const hosts = { wavespeed: createWavespeed, apiframe: createApiframe };

function equal(found, wanted) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${one} instead of ${other}`);
}

/** A model at a stub, and the stub. */
function at(name, behaviour) {
  const stub = createStub(behaviour);
  return { model: hosts[name]({ apiKey, fetch: stub.fetch })('seedream-4'), stub };
}

const failureOf = (promise) =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error) => error,
  );

async function drawsAt(name) {
  const { model, stub } = at(name);
  const { images, jobs } = await generateImage({ model, prompt, interval: 1 });
  const bytes = await images[0].bytes();
  equal([bytes.length > 60, images[0].mediaType, images[0].width, jobs.length], [true, 'image/png', 1, 1]);
  equal([stub.submits(), stub.requests.at(-1).authorization], [1, null]);
}

async function refusedAt(name) {
  const { model, stub } = at(name, { refusal: 401 });
  const error = await failureOf(generateImage({ model, prompt }));
  equal([ImageError.is(error), error.code, error.billed, stub.submits()], [true, 'unauthenticated', 'no', 1]);
  equal(`${error.message} ${JSON.stringify(error)}`.includes(apiKey), false);
}

async function webhook() {
  const body = JSON.stringify({ id: 'task1', status: 'completed', model: 'bytedance/seedream-v4', outputs: [] });
  const secret = 'whsec_0123456789abcdef';
  const timestamp = `${Math.floor(Date.now() / 1000)}`;
  const bytes = (text) => new TextEncoder().encode(text);
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', bytes(secret.slice(6)), algorithm, false, ['sign']);
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes(`msg1.${timestamp}.${body}`)));
  const signature = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const headers = { 'webhook-id': 'msg1', 'webhook-timestamp': timestamp, 'webhook-signature': `v3,${signature}` };
  equal((await verifyWavespeedWebhook({ body, headers, secret })).job.id, 'task1');
  const forged = await failureOf(verifyWavespeedWebhook({ body: `${body} `, headers, secret }));
  equal(ImageError.is(forged), true);
}

/** A gateway of one key before a stub, and how it is asked. */
function gatewayAt(stub) {
  const wavespeed = createWavespeed({ apiKey, fetch: stub.fetch, baseUrl: 'http://localhost:4010/wavespeed' });
  const registry = createRegistry({ models: { hero: 'wavespeed:seedream-4' } }, [wavespeed]);
  // The hash of `key-of-ann`.
  const sha256 = 'ca64daa8b294dc4835d29ca02a6a47427ebc6a225ea3ac2e15f8417fb6601db2';
  const gateway = createGateway({ registry, models: ['hero'], keys: [{ id: 'ann', sha256 }] });
  const headers = { authorization: 'Bearer key-of-ann' };
  return (path, body) =>
    gateway.fetch(new Request(`http://localhost${path}`, { headers, ...(body ? { method: 'POST', body } : {}) }));
}

async function gatewayAnswers() {
  const stub = createStub();
  const ask = gatewayAt(stub);
  const form = () => {
    const fields = new FormData();
    for (const [name, value] of Object.entries({ model: 'hero', prompt, response_format: 'url' }))
      fields.set(name, value);
    return fields;
  };
  const left = await ask('/v1/images/generations', form());
  await left.body.cancel();
  const again = await ask('/v1/images/generations', form());
  const { data } = await again.json();
  equal([again.status, again.headers.get('x-imageport-replayed'), stub.submits()], [200, 'true', 1]);
  const picture = await ask(new URL(data[0].url).pathname);
  equal([picture.status, picture.headers.get('content-type')], [200, 'image/png']);
  const streamed = form();
  streamed.set('stream', 'true');
  const events = await (await ask('/v1/images/generations', streamed)).text();
  equal([events.includes('event: image_generation.completed'), stub.submits()], [true, 2]);
}

/** Each name is a sentence. */
export const checks = {
  'WaveSpeedAI: one submit, one picture, and its bytes': () => drawsAt('wavespeed'),
  'Apiframe: one submit, one picture, and its bytes': () => drawsAt('apiframe'),
  'WaveSpeedAI: a lost answer is not sent again, and the error says that it may be paid': async () => {
    const { model, stub } = at('wavespeed', { lost: 1 });
    const error = await failureOf(generateImage({ model, prompt, timeout: 3_000 }));
    equal([error.code, error.billed, stub.submits()], ['submission_unknown', 'unknown', 1]);
  },
  'Apiframe: a lost answer is repeated under the same key, and paid once': async () => {
    const { model, stub } = at('apiframe', { lost: 1 });
    const { images } = await generateImage({ model, prompt, interval: 1 });
    equal([images.length, stub.submits(), stub.jobs()], [1, 2, 1]);
  },
  'WaveSpeedAI: a refusal is typed, free, and without the key': () => refusedAt('wavespeed'),
  'Apiframe: a refusal is typed, free, and without the key': () => refusedAt('apiframe'),
  'an abort ends the call with the own reason, before anything is sent': async () => {
    const { model, stub } = at('wavespeed');
    const reason = new Error('closed');
    const error = await failureOf(generateImage({ model, prompt, signal: AbortSignal.abort(reason) }));
    equal([error === reason, stub.submits()], [true, 0]);
  },
  'what a model cannot do is refused before anything is sent': async () => {
    const { model, stub } = at('wavespeed');
    const [check] = await checkImage({ model, prompt, seed: 7 });
    equal(check.error.code, 'unsupported');
    equal(stub.requests.length, 0);
  },
  'a job is plain data, and another call brings its picture': async () => {
    const { model } = at('wavespeed');
    const job = JSON.parse(JSON.stringify(await submitImage({ model, prompt })));
    equal((await pollImage(model, job)).state, 'completed');
  },
  'the gateway hands over one picture to who asks again, shows it, and streams another': gatewayAnswers,
  'a genuine webhook is accepted, and a forged one is not': webhook,
};

/** Runs them all. @returns {Promise<{ name: string, problem?: string }[]>} */
export async function runChecks() {
  const results = [];
  for (const [name, check] of Object.entries(checks)) {
    const problem = await check().then(
      () => undefined,
      (error) => `${error?.stack ?? error}`,
    );
    results.push({ name, problem });
  }
  return results;
}
