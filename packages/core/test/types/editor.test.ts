import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { apiframeAdapter } from '@imageport/apiframe';
import { wavespeedAdapter } from '@imageport/wavespeed';
import ts from 'typescript-6';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Adapter } from '../../src/index.ts';
import { loadCatalogue } from '../../src/request/catalogue.ts';
import { installTypes } from './install-types.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** What an editor asks about; `|` is the cursor. */
const places = {
  wavespeed: `wavespeed('|');`,
  apiframe: `apiframe('|');`,
  hosts: `generateImage({ model: wavespeed('seedream-4'), prompt: '', providerOptions: { | } });`,
  resolution: `generateImage({ model: wavespeed('seedream-4'), prompt: '', resolution: '|' });`,
  task: `checkImage({ model: wavespeed('seedream-4'), task: '|' });`,
  outputFormat: `generateImage({ model: wavespeed('seedream-4'), prompt: '', outputFormat: '|' });`,
  reasons: `if (ImageError.is(caught) && caught.code === 'not_found' && caught.reason === '|') caught;`,
} as const;

/** The options of every public function of core and the hosts. */
const optionTypes = [
  ...['GenerateImageOptions', 'SubmitImageOptions', 'BeginImageOptions', 'AdvanceImageOptions', 'ResumeImagesOptions'],
  ...[
    'WaitForImageOptions',
    'WaitOptions',
    'ClientDefaults',
    'PlainOptions',
    'RouteTarget',
    'ProviderOptions',
    'Limits',
  ],
  ...['UpscaleImageOptions', 'RemoveBackgroundOptions', 'VaryImageOptions', 'GenerateImagesOptions', 'ImageBatchItem'],
  ...['DownloadPictureOptions', 'WavespeedWebhook', 'ApiframeWebhook', 'RegistryConfig', 'KnownHosts', 'ImageError'],
] as const;

let folder = '';
let service: ts.LanguageService;
let source = '';

beforeAll(() => {
  folder = installTypes();
  source = [
    `import { apiframe, type ApiframeWebhook } from '@imageport/apiframe';`,
    `import { checkImage, generateImage, ImageError } from '@imageport/core';`,
    `import type { ${optionTypes.filter((name) => !/Webhook$|^ImageError$/.test(name)).join(', ')} } from '@imageport/core';`,
    `import { wavespeed, type WavespeedWebhook } from '@imageport/wavespeed';`,
    `declare const caught: unknown;`,
    ...Object.values(places).map((line) => line.replace('|', '')),
    ...optionTypes.map((name) => `export type Shown${name} = ${name};`),
  ].join('\n');
  service = serve(join(folder, 'editor.ts'), source);
});
afterAll(() => {
  service.dispose();
  rmSync(folder, { recursive: true });
});

function serve(file: string, text: string): ts.LanguageService {
  const { ESNext } = ts.ModuleKind;
  const { Bundler } = ts.ModuleResolutionKind;
  const { fileExists, readFile, readDirectory, directoryExists, getDirectories, realpath } = ts.sys;
  return ts.createLanguageService({
    getCompilationSettings: () => ({ strict: true, module: ESNext, moduleResolution: Bundler, types: [] }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path) => {
      if (path === file) return ts.ScriptSnapshot.fromString(text);
      return fileExists(path) ? ts.ScriptSnapshot.fromString(readFileSync(path, 'utf8')) : undefined;
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    ...{ fileExists, readFile, readDirectory, directoryExists, getDirectories },
    ...(realpath ? { realpath } : {}),
  });
}

function complete(place: keyof typeof places): string[] {
  const [before = ''] = places[place].split('|');
  const at = source.indexOf(places[place].replace('|', '')) + before.length;
  const found = service.getCompletionsAtPosition(join(folder, 'editor.ts'), at, {});
  return (found?.entries ?? []).map(({ name }) => name).sort();
}

async function idsOf(adapter: Adapter): Promise<string[]> {
  const families = await loadCatalogue(adapter);
  return [...new Set(families.flatMap(({ models }) => models.flatMap(({ ids, native }) => [...ids, native])))];
}

test.each([
  ['wavespeed', wavespeedAdapter],
  ['apiframe', apiframeAdapter],
] as const)('the ids of %s complete, all that its tables have and nothing else', async (place, adapter) => {
  expect(complete(place)).toEqual((await idsOf(adapter)).sort());
  expect(complete(place)).toContain('seedream-4');
});

test('the names of the hosts complete in `providerOptions`', () => {
  expect(complete('hosts')).toEqual(['apiframe', 'wavespeed']);
});

test('what has a few values completes', () => {
  expect(complete('resolution')).toEqual(['0.5K', '1.5K', '1K', '2K', '3K', '4K', '8K']);
  expect(complete('task')).toEqual(['generate', 'remove-background', 'upscale', 'vary']);
  expect(complete('outputFormat')).toEqual(['jpeg', 'png', 'webp']);
  expect(complete('reasons')).toEqual(['job_not_found', 'unknown_intent']);
});

describe.each(optionTypes)('%s', (name) => {
  test('says in the editor what each member is for', () => {
    const program = service.getProgram();
    const checker = program?.getTypeChecker();
    const alias = program
      ?.getSourceFile(join(folder, 'editor.ts'))
      ?.statements.find((each) => ts.isTypeAliasDeclaration(each) && each.name.text === `Shown${name}`);
    if (!checker || !alias) throw new Error(`no type ${name}`);
    const members = checker.getPropertiesOfType(checker.getTypeAtLocation(alias)).filter((each) => !isOfError(each));
    const undocumented = members.filter((each) => each.getDocumentationComment(checker).length === 0);
    expect(members.length).toBeGreaterThan(0);
    expect(undocumented.map((each) => each.name)).toEqual([]);
  });
});

/** What every error of the language has. */
const isOfError = (member: ts.Symbol): boolean =>
  (member.declarations ?? []).some((each) => /[\\/]lib\.[^\\/]*\.d\.ts$/.test(each.getSourceFile().fileName)) ||
  ['name', 'toJSON'].includes(member.name);
