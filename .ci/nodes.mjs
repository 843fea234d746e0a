// Compares the Nodes of the dev dependencies with their hashes in nodes.json, before anything runs on them. The lockfile
// cannot: each is fetched by an install script (docs/decisions/0027). `node .ci/nodes.mjs --write` notes the installed ones.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const table = new URL('nodes.json', import.meta.url);
const here = `${process.platform}-${process.arch}`;

/** The Nodes below a `node_modules`, each with its version and the SHA-256 of its program. @param {string} modules */
function installedNodes(modules) {
  const names = readdirSync(modules).filter((name) => /^node(-\d+)?$/.test(name));
  return names.flatMap((name) => {
    const program = ['bin/node', 'bin/node.exe'].map((path) => join(modules, name, path)).find(isProgram);
    if (program === undefined) return [];
    const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
    return [{ program, version, hash: createHash('sha256').update(readFileSync(program)).digest('hex') }];
  });
}

/** On Windows the other name holds a line of text. @param {string} path */
const isProgram = (path) => existsSync(path) && readFileSync(path).length > 1_000_000;

/** @type {typeof import('./nodes.mjs').checkNodes} */
export function checkNodes(modules, known = JSON.parse(readFileSync(table, 'utf8')), platform = here) {
  const pinned = known[platform];
  const nodes = installedNodes(modules);
  if (!pinned)
    return { problems: [], notes: [`no hash of a Node is noted for ${platform}: only npm's own check was made`] };
  const problems = nodes.flatMap(({ program, version, hash }) => {
    if (pinned[version] === undefined)
      return [`${program}: no hash is noted for Node ${version} on ${platform}, see \`node .ci/nodes.mjs --write\``];
    return pinned[version] === hash ? [] : [`${program} is not the Node ${version} whose hash is in .ci/nodes.json`];
  });
  return { problems, notes: [] };
}

if (process.argv[1] === import.meta.filename && process.argv[2] === '--write') {
  const known = JSON.parse(readFileSync(table, 'utf8'));
  const found = installedNodes(join(import.meta.dirname, '../node_modules'));
  known[here] = Object.fromEntries(found.map(({ version, hash }) => [version, hash]).sort());
  writeFileSync(table, `${JSON.stringify(known, null, 2)}\n`);
}
