import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EvidenceArguments, evidenceArguments } from './evidence-arguments';
import { synthesize } from './synthesize';
import type { DutyCheck } from '../lib/evidence/account/duty-check';
import type { Assembly } from '../lib/evidence/assembly';
import { evidenceOf } from '../lib/evidence/evidence';
import { acceptedFindingsIn } from '../lib/evidence/pci/accepted-findings';
import { drawn } from '../lib/evidence/picture/picture';
import { readAssembly } from '../lib/evidence/read-assembly';
import { evidencePage } from '../lib/evidence/report/page';
import { assetHashes } from '../lib/evidence/supply-chain/asset-hashes';
import {
  type BillOfMaterials,
  deliverables,
  licenceProblems,
  reproducibleBill,
} from '../lib/evidence/supply-chain/bill-of-materials';

/*
 * `npm run evidence -- -c environmentSuffix=pr123 [-c profile=…]` writes what the templates show into `evidence/`: `index.html` for people,
 * `evidence.json` for programs. `--assembly DIR` examines an existing cloud assembly instead, also of another project.
 * `--rate N` estimates the cost at N payments a second. `--account` asks the account of the credentials about its own controls.
 *
 * `assets.sha256` has the hash of each file that a deployment of the assembly publishes.
 *
 * Without `--assembly` it also writes a bill of materials (CycloneDX) for each deliverable.
 *
 * Exits with 1 if the assembly has resources of types that nothing examines, or if a licence is not allowed.
 */

const root = join(__dirname, '..');

async function main(): Promise<void> {
  const args = evidenceArguments(process.argv.slice(2));
  const folder = assemblyFolder(args);
  const assembly = readAssembly(folder);
  const accountChecks = args.account ? await accountChecksOf(assembly) : [];
  const inputs = { acceptedFindings: acceptedFindingsIn(folder), rate: args.rate, accountChecks };
  const evidence = evidenceOf(assembly, inputs);
  const output = resolve(args.output);
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'evidence.json'), `${JSON.stringify(evidence, undefined, 2)}\n`);
  writeFileSync(join(output, 'assets.sha256'), assetHashes(folder));
  const picture = await drawn(evidence.architecture, 'Architecture');
  writeFileSync(join(output, 'index.html'), evidencePage(evidence, picture));
  // An existing assembly may be another project's, whose packages are not here.
  const problems = args.assembly === undefined ? writeBills(output) : [];
  console.log(`Evidence: ${join(output, 'index.html')}`);
  if (problems.length > 0) {
    console.error(problems.join('\n'));
    process.exitCode = 1;
  }
  if (evidence.unknownTypes.length === 0) return;
  console.error(
    `The evidence is incomplete. Nothing examines these types: ${evidence.unknownTypes.join(', ')}. Add them to lib/evidence/resource-types.ts.`,
  );
  process.exitCode = 1;
}

/** Loads the clients only where the account is asked. */
async function accountChecksOf({ stacks }: Assembly): Promise<readonly DutyCheck[]> {
  const { examineAccount } = await import('../lib/evidence/account/examine-account.js');
  return examineAccount(stacks.map(({ region }) => region));
}

/** Writes a bill of materials for each deliverable. @returns packages whose licence is not allowed */
function writeBills(output: string): string[] {
  return Object.entries(deliverables).flatMap(([name, options]) => {
    const command = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--omit=dev', ...options];
    const { status, stdout, stderr } = spawnSync('npm', command, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`npm ${command.join(' ')} failed: ${stderr}`);
    const bill = reproducibleBill(name, JSON.parse(stdout) as BillOfMaterials);
    writeFileSync(join(output, `${name}.cdx.json`), `${JSON.stringify(bill, undefined, 2)}\n`);
    return licenceProblems(bill);
  });
}

/** The folder of `--assembly`, or a new one that the app synthesizes. */
function assemblyFolder({ assembly, context }: EvidenceArguments): string {
  if (assembly !== undefined) return resolve(assembly);
  return synthesize(context, [], ['ignore', 'ignore', 'inherit']);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
