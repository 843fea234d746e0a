import { ImageError } from './errors/image-error.ts';

/** The oldest Node on which a call can be made; `engines` of the published packages say the same. */
export const oldestNode = 22;

/** What tells one JavaScript runtime from another: a part of `globalThis`. */
export interface RuntimeScope {
  readonly process?: { readonly versions?: Readonly<Record<string, string | undefined>> };
  readonly Deno?: unknown;
  readonly navigator?: { readonly userAgent?: string };
}

/** The version of a Node that is too old. Whatever only passes itself off as Node is judged by nobody here. */
export function outdatedNode({ process, Deno, navigator }: RuntimeScope): string | undefined {
  const { node = '', bun } = process?.versions ?? {};
  const isNode = bun === undefined && Deno === undefined && navigator?.userAgent !== 'Cloudflare-Workers';
  return isNode && Number.parseInt(node, 10) < oldestNode ? node : undefined;
}

/** Refuses a Node on which a call would break after it was paid. */
export function checkRuntime(): void {
  const found = outdatedNode(globalThis as RuntimeScope);
  if (found === undefined) return;
  throw new ImageError({
    code: 'unsupported',
    reason: 'old_runtime',
    message: `imageport needs Node ${oldestNode} or later and this is Node ${found}, so nothing was sent: install a newer one from https://nodejs.org`,
    billed: 'no',
    stage: 'prepare',
  });
}
