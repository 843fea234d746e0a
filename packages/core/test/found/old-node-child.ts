import { createWavespeed } from '../../../wavespeed/src/index.ts';
import { createWebhookHub, generateImage, submitImage } from '../../src/index.ts';

// Makes one picture and says how that ended.
const [, , baseUrl = '', apiKey = '', how = ''] = process.argv;
const options = { model: createWavespeed({ apiKey, baseUrl })('seedream-4'), prompt: 'a pier', timeout: 10_000 };
try {
  if (how === 'submit') await submitImage(options);
  else await generateImage({ ...options, interval: 20, webhooks: createWebhookHub() });
  process.stdout.write('done');
} catch (error) {
  const { name, billed } = error as { name?: string; billed?: string };
  process.stdout.write(JSON.stringify({ name, billed, message: String(error) }));
}
