import { expect, test } from 'vitest';
import { apiframe, dreamina, generate, start, wavespeed } from './harness.ts';

test('a browser is shown what this is, without any key', async () => {
  const emulator = start();
  const { url } = await emulator.listen();
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await page.text();
  for (const words of ['nothing costs money', `${url}/wavespeed`, `${url}/apiframe`, 'No jobs yet']) {
    expect(html).toContain(words);
  }
  for (const { apiKey } of [emulator.wavespeed, emulator.apiframe]) expect(html).not.toContain(apiKey);
});

test('the page shows jobs with their pictures and what they would have cost', async () => {
  const emulator = start();
  const { url } = await emulator.listen();
  const { data } = (await wavespeed(emulator, dreamina, { prompt: 'a pond' })).body;
  const { jobId } = (await generate(emulator)).body;
  await apiframe(emulator, `jobs/${jobId}`);
  const html = await (await fetch(url)).text();
  expect(html).toContain('The latest of 2 jobs');
  expect(html).toContain('<p>a pond</p>');
  expect(html).toContain(`<img src="${data.outputs[0]}"`);
  expect(html).toContain(jobId);
  expect(html).toContain('1 charged');
});

test('a prompt cannot become part of the page', async () => {
  const emulator = start();
  await wavespeed(emulator, dreamina, { prompt: `<script>alert(1)</script>"'&` });
  const page = await emulator.fetch(new URL('/', emulator.wavespeed.baseUrl));
  expect(await page.text()).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});
