/** Hashes by platform, such as `linux-x64`, and version. */
export type KnownNodes = Readonly<Record<string, Readonly<Record<string, string>>>>;
/** What is wrong with the Nodes that are installed in a `node_modules`, and what could not be told. */
export function checkNodes(
  modules: string,
  known?: KnownNodes,
  platform?: string,
): { readonly problems: string[]; readonly notes: string[] };
