import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptedFindingsIn, requirementsOf } from '../../lib/evidence/pci/accepted-findings';

test('reads accepted findings from the metadata of an assembly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'findings-'));
  const data = { rule: 'AwsSolutions-IAM5[Resource::*]', reason: 'because', compensatingControl: 'instead' };
  const entries = [
    { type: 'payment-platform:accepted-finding', data },
    { type: 'aws:cdk:logicalId', data: 'X' },
  ];
  writeFileSync(join(folder, 'Main.metadata.json'), JSON.stringify({ '/Main/Z': entries, '/Main/A': entries }));
  const artifacts = {
    Main: { additionalMetadataFile: 'Main.metadata.json' },
    Tree: {},
    Gone: { additionalMetadataFile: 'gone.json' },
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
  expect(acceptedFindingsIn(folder)).toEqual([
    { path: 'Main/A', ...data, requirements: ['7.2.2', '7.2.5'] },
    { path: 'Main/Z', ...data, requirements: ['7.2.2', '7.2.5'] },
  ]);
  rmSync(folder, { recursive: true });
});

test('each rule that is accepted anywhere is assigned to requirements', () => {
  const reviewed = readFileSync(join(__dirname, '../compliance/__snapshots__/findings.test.ts.snap'), 'utf8');
  const rules = new Set([...reviewed.matchAll(/: ((?:AwsSolutions|PCI\.DSS\.321)-\w+)/g)].map(([, rule = '']) => rule));
  expect(rules.size).toBeGreaterThan(30);
  expect([...rules].filter((rule) => requirementsOf(rule) === undefined)).toEqual([]);
});
