import type { Io } from './io.ts';
import { note } from './terminal/write.ts';
import { usage } from './usage.ts';

/** Many times what any host takes. */
const mostBytes = 1024 * 1024;

/** The prompt as it was given, or what stdin holds where it was given as `-`. */
export async function readPrompt(given: string, io: Io): Promise<string> {
  if (given !== '-') return given;
  if (io.stdin.isTTY) note(io, 'Reading the prompt from the terminal: Ctrl-D on a line of its own ends it.');
  const prompt = decode(await readAll(io.stdin))
    .replace(/^\uFEFF/, '')
    .trim();
  if (prompt === '') throw usage('The prompt is empty: nothing came from stdin, so nothing was sent');
  return prompt;
}

async function readAll(stdin: Io['stdin']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > mostBytes) throw usage('The prompt from stdin is longer than 1 MiB, so nothing was sent');
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usage('What came from stdin is not text in UTF-8, so nothing was sent');
  }
}
