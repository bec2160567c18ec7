import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { existingStacks, leftOverPreviews } from '../../lib/delivery/left-over-previews';

test('names each preview without an open pull request once, by number', () => {
  const stacks = ['stack-data-pr12', 'stack-edge-pr12', 'stack-data-pr9', 'stack-data-pr7', 'stack-edge-pr100'];
  expect(leftOverPreviews(stacks, [7])).toEqual(['pr9', 'pr12', 'pr100']);
});

test.each(['stack-data-live', 'stack-data-prod', 'stack-data-pr', 'stack-data-pr12-other', 'pr12', 'stack-data-pr012'])(
  'never names the environment of %s',
  (stack) => {
    expect(leftOverPreviews([stack], [])).toEqual([]);
  },
);

test('reads every page of the existing stacks, without deleted ones', async () => {
  const cloudFormation = mockClient(CloudFormationClient);
  const created = new Date(0);
  cloudFormation
    .on(ListStacksCommand, { NextToken: undefined })
    .resolves({
      StackSummaries: [
        { StackName: 'stack-data-pr1', StackStatus: 'DELETE_COMPLETE', CreationTime: created },
        { StackName: 'stack-data-pr2', StackStatus: 'DELETE_FAILED', CreationTime: created },
      ],
      NextToken: 'more',
    })
    .on(ListStacksCommand, { NextToken: 'more' })
    .resolves({
      StackSummaries: [{ StackName: 'stack-data-pr3', StackStatus: 'CREATE_COMPLETE', CreationTime: created }],
    });
  expect(await existingStacks('eu-south-2')).toEqual(['stack-data-pr2', 'stack-data-pr3']);
});

test.each([[['--regions', 'eu-south-2']], [['--open', '7']], [['--regions', 'eu-south-2', '--open', '']]])(
  'the command refuses %j and names nothing',
  (given) => {
    const command = join(__dirname, '..', '..', 'bin', 'left-over-previews.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', command, ...given], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Usage: left-over-previews');
  },
);
