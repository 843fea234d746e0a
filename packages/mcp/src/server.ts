import { ImageError } from '@imageport/core';
import {
  createMcpHandler,
  createRequestStateCodec,
  McpServer,
  type McpServerFactory,
} from '@modelcontextprotocol/server';
import type { Question } from './confirm.ts';
import type { Door } from './door.ts';
import { guard } from './http.ts';
import { describeModels } from './models.ts';
import { openPictures } from './node/pictures.ts';
import { readVersion } from './node/version.ts';
import { type ImageServerOptions, settle } from './options.ts';
import { registerPictures } from './resources.ts';
import { registerTools } from './tools/register.ts';

/** Images as tools of the Model Context Protocol. */
export interface ImageServer {
  /** For `serveStdio` of `@imageport/mcp/node`, or of the MCP SDK: makes a server for each connection, of either era of the protocol. */
  readonly factory: McpServerFactory;
  /** Answers one HTTP request, after looking at `Host`, `Origin` and, with `keys`, at the bearer key. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Ends what is under way, and waits until that is written down. Paid jobs run on at their hosts and can be resumed. */
  close(): Promise<void>;
}

/** As large as a request with pictures in it may be, in bytes. */
const mostBody = 16 * 1024 * 1024;
/** Milliseconds for which a client may keep the list of tools. */
const listTtl = 600_000;

const instructions =
  'Makes pictures at paid hosts and saves them. Every picture costs money: `check_image` says how much. After an error, a timeout or `processing` call `resume`; never ask for the same picture anew.';

/**
 * Makes an MCP server for images: six tools, a cost that is confirmed above `confirmAbove`, a `budget` that holds, and pictures
 * saved in `folder`. Sends nothing by itself. Throws `invalid_request` for wrong options, and `not_found` for a model that the
 * registry has not.
 */
export function createImageServer(options: ImageServerOptions): ImageServer {
  const settings = settle(options);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  const codec = createRequestStateCodec<Question>({ key: crypto.getRandomValues(new Uint8Array(32)) });
  let known: Promise<Door['models']> | undefined;
  const models = (): Promise<Door['models']> => {
    known ??= describeModels(settings.registry, settings.models) as unknown as Promise<Door['models']>;
    // What kept the tables from being read may be over at the next connection.
    return known.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
  };
  const openDoor = (owner: string | undefined, described: Door['models']): Door => ({
    ...{ settings, codec, closing: closing.signal, models: described, isLocal: owner === undefined },
    scope: owner === undefined ? settings.scope : `${settings.scope}:${owner}`,
    pictures: openPictures(settings.folder, owner),
    track: (work) => track(running, work),
  });
  const factory: McpServerFactory = async ({ authInfo }) => {
    const door = openDoor(authInfo?.clientId, await models());
    const server = new McpServer(
      { name: 'imageport', title: 'imageport', version: readVersion() },
      {
        instructions,
        cacheHints: { 'tools/list': { ttlMs: listTtl }, 'resources/templates/list': { ttlMs: listTtl } },
        requestState: { verify: (state, ctx) => codec.verify(state, ctx) },
      },
    );
    registerTools(server, door);
    registerPictures(server, door);
    return server;
  };
  const handler = createMcpHandler(factory, { maxRequestBodySize: mostBody });
  return {
    factory,
    fetch: guard(settings, handler.fetch),
    async close() {
      closing.abort(closed);
      await Promise.allSettled(running);
      await handler.close();
    },
  };
}

const closed = new ImageError({
  ...{ code: 'unavailable', billed: 'unknown', stage: 'prepare' },
  message: 'the server was closed; what is paid can be resumed',
});

function track<Result>(running: Set<Promise<unknown>>, work: Promise<Result>): Promise<Result> {
  running.add(work);
  const done = (): void => void running.delete(work);
  work.then(done, done);
  return work;
}
