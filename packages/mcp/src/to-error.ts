import { errorTraits, ImageError } from '@imageport/core';
import type { CallToolResult } from '@modelcontextprotocol/server';

/** What a tool answers when it has no picture: what went wrong, what it cost, and what to do. */
export interface ToolError {
  readonly code: string;
  readonly reason?: string | undefined;
  readonly message: string;
  readonly billed: 'no' | 'yes' | 'unknown';
  readonly next: string;
  readonly intent_id?: string | undefined;
}

/** An error as the result of a tool: models read the text, so all of it stands there. */
export const refuse = (error: ToolError): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: JSON.stringify({ error }) }],
});

/** Every failure of a tool. What is no `ImageError` is a fault of the server's own, of which nothing is told but that it was one. */
export function toErrorResult(error: unknown, intentId?: string): CallToolResult {
  const id = intentId ?? (ImageError.is(error) ? error.intentId?.replace(/#\d+$/, '') : undefined);
  const named = id === undefined ? {} : { intent_id: id };
  if (!ImageError.is(error)) {
    const next = id === undefined ? 'Try again.' : resumable;
    return refuse({ code: 'internal', message: 'the server failed', billed: 'unknown', next, ...named });
  }
  const { code, reason, billed, message } = error;
  return refuse({
    ...{ code, ...(reason === undefined ? {} : { reason }) },
    ...{ message: withoutAddresses(message), billed, next: nextOf(error, id) },
    ...named,
  });
}

export const resumable = 'Call `resume` with this `intent_id`: it costs nothing more. Do not ask for a new picture.';

function nextOf(error: ImageError, intentId: string | undefined): string {
  const isOpen = intentId !== undefined && (error.resumable || error.billed === 'unknown');
  if (isOpen) return resumable;
  if (error.code === 'not_found')
    return '`list_models` says which models there are, and `jobs` which requests are open.';
  const { next } = errorTraits[error.code];
  return error.retryable ? `${next}. Nothing was spent.` : `${next}.`;
}

/** Addresses of pictures at a host may be signed, and belong to nobody else. */
const withoutAddresses = (text: string): string => text.replace(/\b(?:https?|data):\S+/gi, '(address)');
