// An MCP server with models, a budget and a question of its own. In the settings of a client: the command `node`, and the full path of
// this file as its argument.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistry } from '@imageport/core';
import { createFileLedger } from '@imageport/core/node';
import { createImageServer } from '@imageport/mcp';
import { serveStdio } from '@imageport/mcp/node';
import { apiframe, wavespeed } from './providers.ts';

const place = process.argv[2] ?? join(tmpdir(), 'imageport-mcp');
const models = { hero: ['wavespeed:seedream-4', 'apiframe:seedream-4'], draft: 'wavespeed:seedream-4.5' };

const images = createImageServer({
  registry: createRegistry({ models }, [wavespeed, apiframe]),
  models: ['hero', 'draft'],
  ledger: createFileLedger(join(place, 'ledger.jsonl')),
  folder: join(place, 'pictures'),
  budget: { USD: 1, credit: 100, per: 'day' },
  confirmAbove: { USD: 0.05, credit: 10 },
});

await serveStdio(images).ended;
