import type { ListAccess } from './live-catalogue.ts';

/** Milliseconds for the whole answer, and the most bytes of it: the list of autumn 2026 has some megabytes. */
const longest = 30_000;
const mostBytes = 32 * 1024 * 1024;

/** What came of asking for the list: a new one, that the known one still holds, or why there is none. */
export type ListAnswer =
  | { readonly body: unknown; readonly etag?: string }
  | { readonly unchanged: true }
  | { readonly problem: string };

/** Asks the host for its list, once and without following redirects. Never rejects, and says nothing of what the host says. */
export async function fetchList({ baseUrl, headers, fetch }: ListAccess, etag?: string): Promise<ListAnswer> {
  try {
    const { default: ky } = await import('ky');
    const answer = await ky(`${baseUrl}/api/v3/models`, {
      ...{ retry: 0, timeout: false, throwHttpErrors: false, redirect: 'manual' },
      headers: { accept: 'application/json', ...headers, ...(etag === undefined ? {} : { 'if-none-match': etag }) },
      signal: AbortSignal.timeout(longest),
      ...(fetch ? { fetch } : {}),
    });
    if (answer.status === 304 && etag !== undefined) return { unchanged: true };
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return { problem: `HTTP ${answer.status}` };
    }
    const tag = answer.headers.get('etag');
    return { body: JSON.parse(await readText(answer)) as unknown, ...(tag === null ? {} : { etag: tag }) };
  } catch (error) {
    return { problem: describe(error) };
  }
}

async function readText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new RangeError('too long');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** By kind only: the words of an error may hold an address or a header. */
function describe(error: unknown): string {
  if (error instanceof SyntaxError) return 'an answer that is no JSON';
  if (error instanceof RangeError) return 'an answer that is too long';
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no answer';
}
