import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import ts from 'typescript';

const root = join(__dirname, '..', '..', '..');

/** One operation of AWS that a module can call. */
export interface SdkCall {
  /** The package's client: `secrets-manager`. */
  readonly client: string;
  /** `GetSecretValue`. */
  readonly operation: string;
  /** What stands for it in the package: `GetSecretValueCommand`. */
  readonly imported: string;
  /** Path of the module from the root of the project. */
  readonly module: string;
}

/** Where a program starts. */
export interface EntryPoint {
  /** Path from the root of the project. */
  readonly entry: string;
  /** The function that runs; `undefined` where the module itself is the program. */
  readonly exportName: string | undefined;
}

/** Every operation that a program can call: those in the modules that it imports, as far as the bundler finds them reachable. */
export function sdkCallsOf({ entry, exportName }: EntryPoint): SdkCall[] {
  const path = `./${entry}`;
  const { metafile, outputFiles } = buildSync({
    stdin: {
      contents: exportName === undefined ? `import '${path}';` : `export { ${exportName} } from '${path}';`,
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  const used = new Set(outputFiles.flatMap(({ text }) => usedImports(text)));
  return Object.keys(metafile.inputs)
    .filter((module) => module !== '<stdin>')
    .flatMap((module) => callsIn(module, readFileSync(join(root, module), 'utf8')))
    .filter(({ imported }) => used.has(imported));
}

/** The names under which packages export what a bundle uses. What no code reaches is not in the bundle, though its import may be. */
function usedImports(bundle: string): string[] {
  const file = ts.createSourceFile('bundle.js', bundle, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const identifiers = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node)) identifiers.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return file.statements
    .filter(ts.isImportDeclaration)
    .flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
    })
    .filter(({ name }) => identifiers.has(name.text))
    .map(({ name, propertyName }) => (propertyName ?? name).text);
}

/** Parts of the SDK that call nothing by themselves: clients, errors and types. */
const callsNothing = /(Client|Exception|Fault|NotFound|Error)$/;

/**
 * The operations that one module calls.
 *
 * @throws where the SDK is used in a way whose calls cannot be read from the source: waiters, `new S3()`, namespace imports
 */
export function callsIn(module: string, source: string): SdkCall[] {
  const file = ts.createSourceFile(module, source, ts.ScriptTarget.Latest, true);
  return file.statements.filter(ts.isImportDeclaration).flatMap((declaration) => {
    const name = (declaration.moduleSpecifier as ts.StringLiteral).text;
    const clause = declaration.importClause;
    if (!/^@(aws-sdk|smithy)\//.test(name) || clause?.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
    const bindings = clause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings) || clause.name) {
      throw new Error(
        `${module} imports all of ${name}; import its commands by name, so that its calls can be checked.`,
      );
    }
    return bindings.elements
      .filter(({ isTypeOnly }) => !isTypeOnly)
      .flatMap((element) => callsOf(module, name, (element.propertyName ?? element.name).text));
  });
}

function callsOf(module: string, name: string, imported: string): SdkCall[] {
  // A token of IAM for the database: what it opens is a connection.
  if (name === '@aws-sdk/rds-signer') return [{ client: 'rds-signer', operation: imported, imported, module }];
  // Signs the commands that it is given, which are counted as calls where they are imported.
  if (name === '@aws-sdk/s3-request-presigner' && imported === 'getSignedUrl') return [];
  const client = /^@aws-sdk\/client-(.+)$/.exec(name)?.[1];
  // A paginator repeats the call that it is named after.
  const operation = /^(\w+)Command$|^paginate(\w+)$/.exec(imported)?.slice(1).find(Boolean);
  if (client !== undefined && operation !== undefined) return [{ client, operation, imported, module }];
  if (client !== undefined && callsNothing.test(imported)) return [];
  throw new Error(`${module} imports ${imported} from ${name}; say which calls it makes.`);
}
