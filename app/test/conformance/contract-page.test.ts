import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clauses } from '../../conformance/clauses.ts';

const page = readFileSync(new URL('../../CONTAINER-CONTRACT.md', import.meta.url), 'utf8');
const environment = ['environment.ts', 'telemetry/tracing-environment.ts', 'documents/document-environment.ts']
  .map((name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8'))
  .join('\n');

test('the page lists the clauses of the checks, in the same order and words', () => {
  const written = [...page.matchAll(/^(\d+)\. \*\*(.+)\.\*\*/gm)].map(([, clause, title]) => [Number(clause), title]);
  expect(written).toEqual(clauses.map(({ clause, title }) => [clause, title]));
  expect(clauses.map(({ clause }) => clause)).toEqual(clauses.map((_, index) => index + 1));
});

test('the page names existing environment variables only', () => {
  const named = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !new RegExp(`\\b${name}\\b`).test(environment))).toEqual([]);
});
