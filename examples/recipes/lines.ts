// The answer of the streaming route: one line of JSON after the other. Nothing here is for a server only.
import type { ImageEvent } from '@imageport/core';
import type { Failure } from './failure.ts';

/** The last line is a picture or a failure. */
export type Line =
  | { readonly type: 'progress'; readonly step: ImageEvent['type']; readonly percent?: number | undefined }
  | { readonly type: 'picture'; readonly url: string }
  | { readonly type: 'failure'; readonly failure: Failure };

/** What `rest` throws becomes the last line. */
export function writeLines(
  first: IteratorResult<Line>,
  rest: AsyncIterator<Line>,
  toFailure: (error: unknown) => Failure,
): ReadableStream<Uint8Array> {
  const read = [first];
  const toLine = (error: unknown): IteratorResult<Line> => {
    return { done: false, value: { type: 'failure', failure: toFailure(error) } };
  };
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = read.pop() ?? (await rest.next().catch(toLine));
      if (done) controller.close();
      else controller.enqueue(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
    },
  });
}

/** A failed answer that is not from the route has no line. */
export async function* readLines(response: Response): AsyncGenerator<Line> {
  if (!response.ok) {
    const failure = await response.json();
    if (failure.billed) yield { type: 'failure', failure };
    return;
  }
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    const lines = (rest + piece.value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}
