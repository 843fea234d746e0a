import type { ImageModel } from '@imageport/core';
import type { CallToolResult, McpServer, RequestStateCodec, ServerContext } from '@modelcontextprotocol/server';
import type { Question } from './confirm.ts';
import type { NamedModel } from './models.ts';
import type { Pictures } from './node/pictures.ts';
import type { Settings } from './options.ts';

/** What the tools of one connection, or of one request over HTTP, work with. */
export interface Door {
  readonly settings: Settings;
  /** Whose the requests are. */
  readonly scope: string;
  readonly pictures: Pictures;
  readonly models: readonly [NamedModel, ...NamedModel[]];
  readonly codec: RequestStateCodec<Question>;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  /** Whether the caller is on this machine, so that the path of a file means something to it. */
  readonly isLocal: boolean;
  /** Work that a closing server waits for. */
  track<Result>(work: Promise<Result>): Promise<Result>;
}

/** One call of a tool. */
export interface ToolCall {
  readonly ctx: ServerContext;
  readonly server: McpServer;
}

/** The accounts through which jobs can be asked about. */
export const accountsOf = ({ models }: Door): readonly ImageModel[] => models.flatMap(({ route }) => route);

/** Structured content, and the same as text for clients that know no other. */
export const answer = (content: object): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(content) }],
  structuredContent: { ...content },
});
