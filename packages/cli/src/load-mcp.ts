import { usage } from './usage.ts';

type Server = typeof import('@imageport/mcp') & typeof import('@imageport/mcp/node');

/**
 * The MCP server, which is installed by who wants it: the protocol's own package is many times as large as the rest. Throws a
 * usage error that says how to get it.
 */
export async function loadMcp(
  load: () => Promise<Server> = async () => ({
    ...(await import('@imageport/mcp')),
    ...(await import('@imageport/mcp/node')),
  }),
): Promise<Server> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw usage(
      'The MCP server is a package of its own. In the settings of a client: npx -y --package=imageport --package=@imageport/mcp imageport mcp. To install it: npm install @imageport/mcp',
    );
  }
}

/** Not installed; what is installed and broken shows its own error. */
function isMissing(error: unknown): boolean {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  return code === 'ERR_MODULE_NOT_FOUND' && /'@imageport\/mcp'|@imageport[\\/]mcp/.test(message);
}
