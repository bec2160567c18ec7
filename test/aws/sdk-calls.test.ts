import { calledWith } from '../support/sdk/exceptions';
import { callsIn, sdkCallsOf } from '../support/sdk/sdk-calls';

const operations = (source: string) => callsIn('module.ts', source).map(({ operation }) => operation);

test.each([
  ['a command', `import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';`, ['GetObject']],
  ['a command by another name', `import { GetObjectCommand as Get } from '@aws-sdk/client-s3';`, ['GetObject']],
  ['a paginator', `import { paginateListExecutions } from '@aws-sdk/client-sfn';`, ['ListExecutions']],
  ['a token for the database', `import { Signer } from '@aws-sdk/rds-signer';`, ['Signer']],
  ['no type', `import { type GetObjectCommand, S3Client } from '@aws-sdk/client-s3';`, []],
  ['no import of types', `import type { GetObjectCommand } from '@aws-sdk/client-s3';`, []],
  ['no error', `import { DBClusterNotFoundFault } from '@aws-sdk/client-rds';`, []],
  ['no other package', `import { readFile } from 'node:fs/promises';`, []],
])('reads %s', (_name, source, expected) => {
  expect(operations(source)).toEqual(expected);
});

test.each([
  ['a client with a method for each call', `import { S3 } from '@aws-sdk/client-s3';`],
  ['a waiter', `import { waitUntilTasksStopped } from '@aws-sdk/client-ecs';`],
  ['a namespace', `import * as s3 from '@aws-sdk/client-s3';`],
  ['a default import', `import s3 from '@aws-sdk/client-s3';`],
  ['another package of the SDK', `import { Upload } from '@aws-sdk/lib-storage';`],
])('throws for %s, whose calls it cannot analyze', (_name, source) => {
  expect(() => operations(source)).toThrow('module.ts imports');
});

test('counts only calls that the export of a program reaches', () => {
  const entry = 'lib/data/restore-drill/restore-drill-lifecycle.lambda.ts';
  const reached = (exportName: string) => sdkCallsOf({ entry, exportName }).map(({ operation }) => operation);
  expect(reached('onEvent')).toEqual(['StartExecution']);
  expect(reached('isComplete')).toEqual(expect.arrayContaining(['ListExecutions', 'StopExecution', 'DeleteDBCluster']));
});

test('finds calls in every module with a condition', () => {
  const programs = ['server', 'migrate', 'worker', 'rotation'].map((name) => ({ name, exportName: undefined }));
  const modules = [...programs, { name: 'canary', exportName: 'handler' }].flatMap(({ name, exportName }) =>
    sdkCallsOf({ entry: `app/src/${name}.ts`, exportName }).map(({ module }) => module),
  );
  expect(modules).toEqual(expect.arrayContaining(Object.keys(calledWith)));
});
