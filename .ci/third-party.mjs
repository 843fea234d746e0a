// Writes THIRD-PARTY.md: what the published packages bring with them, and under which licences. A test fails when it is
// behind: `npx node .ci/third-party.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { published } from './bundle.mjs';
import { closure } from './closure.mjs';

const root = join(import.meta.dirname, '..');

/** Programs for one system each stand in one row, so that the page is the same on every system. */
const general = (name) => name.replace(/^(@img\/sharp(?:-libvips)?)-.*/, '$1-<system>');

/** @type {typeof import('./third-party.mjs').thirdParty} */
export function thirdParty() {
  const ours = published(root);
  const rows = new Map();
  for (const { folder, manifest } of ours) {
    for (const [name, each] of closure(folder)) {
      if (ours.some((own) => own.manifest.name === name)) continue;
      const row = rows.get(general(name)) ?? { licence: each.manifest.license ?? 'none', users: new Set() };
      rows.set(general(name), row);
      row.users.add(manifest.name);
    }
  }
  const width = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  return `${[
    '# Third-party packages',
    '',
    'What an install of the published packages brings with it. Nothing of it is copied into them: npm installs each package, with',
    'the text of its licence, beside ours. Generated from what is installed: `npx node .ci/third-party.mjs`.',
    '',
    width(['package', 'licence', 'comes with']),
    width(['---', '---', '---']),
    ...lines.map(([name, { licence, users }]) => width([`\`${name}\``, licence, [...users].sort().join(', ')])),
  ].join('\n')}\n`;
}

/** The page as it is. */
export const page = () => readFileSync(join(root, 'THIRD-PARTY.md'), 'utf8');

if (process.argv[1] === import.meta.filename) writeFileSync(join(root, 'THIRD-PARTY.md'), thirdParty());
