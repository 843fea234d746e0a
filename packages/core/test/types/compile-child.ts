import { createRequire } from 'node:module';
import { dirname } from 'node:path';

type Compiler = typeof import('typescript-6');
type SourceFile = ReturnType<Compiler['createSourceFile']>;

const [manifest = '', ...configs] = process.argv.slice(2);
const ts: Compiler = createRequire(manifest)('./lib/typescript.js');

/** The compiler's own declarations do not depend on how modules are resolved: each is read once for all programs. */
const libraries = new Map<string, SourceFile | undefined>();

/** What `tsc -p` prints. */
function compile(config: string): string {
  const failed = (): never => {
    throw new Error(`cannot read ${config}`);
  };
  const parsed = ts.getParsedCommandLineOfConfigFile(
    config,
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: failed },
  );
  if (!parsed) return failed();
  const { options, fileNames: rootNames, errors: configFileParsingDiagnostics } = parsed;
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  const own = host.getDefaultLibLocation?.();
  host.getSourceFile = (path, ...rest) => {
    if (dirname(path) !== own) return read(path, ...rest);
    if (!libraries.has(path)) libraries.set(path, read(path, ...rest));
    return libraries.get(path);
  };
  const program = ts.createProgram({ rootNames, options, host, configFileParsingDiagnostics });
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host);
}

process.stdout.write(JSON.stringify(configs.map(compile)));
