import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const folder = import.meta.dirname;
let workplace = '';
beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'imageport-examples-'));
});
afterAll(() => rm(workplace, { recursive: true, force: true }));

/** As on a machine without any key. */
async function run(example: string, ...args: string[]): Promise<string> {
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE };
  const program = [join(folder, example), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: workplace, env });
  return stdout;
}

test.concurrent('generate.ts saves a picture of the size that was asked for', async () => {
  const output = await run('generate.ts');
  expect(output).toMatch(/^imageport-1\.(png|jpg): 1024x1024, \d+ bytes, job \w+/);
  expect(output).toMatch(
    /cost: \{\s+amount: 0\.027,\s+currency: 'USD',\s+source: 'listed',\s+asOf: '\d{4}-\d\d-\d\d'\s+\}/,
  );
  expect(await readdir(workplace)).toHaveLength(1);
});

test.concurrent('swap-by-config.ts asks the host that the file names', async () => {
  expect(await run('swap-by-config.ts')).toContain('wavespeed was sent /api/v3/bytedance/seedream-v4');
  const output = await run('swap-by-config.ts', join(folder, 'apiframe.config.json'));
  expect(output).toContain('apiframe was sent /v2/images/generate');
  expect(output).toContain("source: 'reported'");
});

test.concurrent('many.ts tells of every picture as it comes, and of the one that its cap has no money for', async () => {
  const output = await run('many.ts');
  expect(output.match(/^\d a lighthouse in \w+ at \w+: completed job \w+$/gm)).toHaveLength(7);
  expect(output.match(/^\d .*: not_started `maxCost` of the batch is spent$/gm)).toHaveLength(1);
});

test.concurrent('larger-and-cut-out.ts makes a picture larger and cuts it out', async () => {
  const output = await run('larger-and-cut-out.ts');
  expect(output).toMatch(/^larger: wavespeed-ai\/image-upscaler http.*0\.01/m);
  expect(output).toMatch(/^cut out: bria\/remove-background http.*0\.018/m);
});

test.concurrent('mcp.ts serves a client, and asks before three pictures are made', async () => {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const place = await mkdtemp(join(tmpdir(), 'imageport-examples-mcp-'));
  const client = new Client({ name: 'example', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  const asked: string[] = [];
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return { action: 'decline' };
  });
  const args = [join(folder, 'mcp.ts'), place];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, env: { PATH, NODE_COMPILE_CACHE } }),
  );
  const make = (n: number) => client.callTool({ name: 'generate_image', arguments: { prompt: 'a lighthouse', n } });
  expect((await make(1)).structuredContent).toMatchObject({ status: 'completed', cost: { amount: 0.027 } });
  expect((await make(3)).isError).toBe(true);
  expect(asked).toEqual([expect.stringMatching(/^This costs up to 0\.081 USD or \d+ credits/)]);
  expect(await readdir(join(place, 'pictures'))).toHaveLength(1);
  await client.close();
  await rm(place, { recursive: true, force: true });
});

test.concurrent('the two configs differ in one line', async () => {
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8')).split('\n');
  const [one, other] = [await read('wavespeed.config.json'), await read('apiframe.config.json')];
  expect(one.filter((line, index) => line !== other[index])).toHaveLength(1);
  expect(one).toHaveLength(other.length);
});

test.concurrent('fallback.ts goes on from a host without money', async () => {
  const output = await run('fallback.ts');
  expect(output).toContain('wavespeed:seedream-4 -> apiframe:seedream-4 because of insufficient_credit');
  expect(output).toContain('wavespeed: refused, billed: no\napiframe: completed, billed: yes');
});

test.concurrent('hedge.ts asks the second host, and names the job that lost', async () => {
  const output = await run('hedge.ts');
  expect(output).toMatch(/^wavespeed:seedream-4 is late after 1000 ms: apiframe:seedream-4 is asked too/);
  expect(output).toContain('wavespeed: aborted, billed: yes\napiframe: completed, billed: yes');
  expect(output).toMatch(/its job \w+ is paid: it stays open in the ledger/);
});

test.concurrent('abort.ts ends with the own reason and finds the job again', async () => {
  expect(await run('abort.ts')).toMatch(/^ended: the user closed the page\njob [\w-]+ is completed: http/);
});

test.concurrent('edit-with-reference.ts edits at both hosts', async () => {
  const output = await run('edit-with-reference.ts');
  expect(output).toContain('wavespeed: bytedance/seedream-v4/edit made http');
  expect(output).toContain('apiframe: seedream-4 made http');
});

test.concurrent('submit-then-poll.ts brings the picture of a stored job', async () => {
  const output = await run('submit-then-poll.ts');
  expect(output).toMatch(/^stored: \{"provider":"apiframe","modelId":"seedream-4","id":"[\w-]+"/);
  expect(output).toMatch(/first poll: (queued|processing)\nthen: completed, http/);
});

test.concurrent('webhook.ts ends the wait by a verified webhook of either host, and refuses a forged one', async () => {
  const output = await run('webhook.ts');
  expect(output).toContain('wavespeed: ended by its webhook\napiframe: ended by its webhook');
  expect(output).toContain('forged: 401');
});

test.concurrent('gateway.ts hands one picture to a client that gave up and repeated', async () => {
  const output = await run('gateway.ts');
  const answers = [...output.matchAll(/^200 (\S+?)(, asked before)?$/gm)];
  expect(new Set(answers.map(([, intentId]) => intentId)).size).toBe(1);
  expect(answers.some(([, , before]) => before)).toBe(true);
  expect(output).toMatch(/^1 picture, \d+ characters of base64$/m);
});

test.concurrent('ai-sdk.ts shows that a repeated call is paid once', async () => {
  const output = await run('ai-sdk.ts');
  expect(output).toMatch(
    /^image\/\w+, \d+ bytes, from wavespeed:bytedance\/seedream-v4\nasked for before: true\ncharges: 1\n$/,
  );
});

test.concurrent('tanstack-ai.ts shows that the next call gets what the last one paid for', async () => {
  expect(await run('tanstack-ai.ts')).toBe('ended: the page was closed\npictures: 1\ncharges: 1\n');
});

test('every example is in the list and short', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const programs = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  for (const name of programs) {
    expect(readme).toContain(`[${name}](${name})`);
    expect((await readFile(join(folder, name), 'utf8')).split('\n').length, name).toBeLessThanOrEqual(
      name === 'webhook.ts' ? 45 : 30,
    );
  }
});
