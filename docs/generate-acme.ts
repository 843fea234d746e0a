import { readFile } from 'node:fs/promises';

/** The adapter of the guide, as the tests run it. */
export async function acmeSource(): Promise<string> {
  const source = await readFile(new URL('add-a-provider/acme.ts', import.meta.url), 'utf8');
  return `\`\`\`ts no-run\n${source.trim()}\n\`\`\``;
}
