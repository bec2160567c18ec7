import type { Statement } from '../../lib/evidence/access/statements';
import { statementProblems } from '../support/iam/statement-problems';

describe('reports', () => {
  const bucket = 'arn:aws:s3:::documents';
  const allow: Statement = {
    sid: undefined,
    effect: 'Allow',
    actions: ['s3:GetObject'],
    excludesActions: false,
    resources: [`${bucket}/*`],
    excludesResources: false,
    principals: [],
    conditions: [],
  };

  test.each<[string, Partial<Statement>, string | undefined]>([
    ['nothing, where all is known', {}, undefined],
    ['an action that does not exist', { actions: ['s3:ReadObject'] }, 's3:ReadObject does not exist'],
    ['a pattern that names no action', { actions: ['s3:Read*'] }, 's3:Read* does not exist'],
    ['a bucket for objects', { resources: [bucket] }, 's3:GetObject is for accesspointobject, object, not for'],
    [
      'a resource that no action is for',
      { resources: [`${bucket}/*`, 'arn:aws:sqs:eu-south-2:111122223333:payments'] },
      'no action of the statement is for arn:aws:sqs:',
    ],
    [
      'any resource for an action that supports none',
      {
        actions: ['codedeploy:StopDeployment'],
        resources: ['arn:aws:codedeploy:eu-south-2:111122223333:application:a'],
      },
      'codedeploy:StopDeployment supports no resource',
    ],
    [
      'a condition key of another action',
      { conditions: [['StringEquals', 's3:prefix', ['a']]] },
      's3:GetObject carries no condition key s3:prefix',
    ],
    ['no key that every request may have', { conditions: [['Bool', 'aws:SecureTransport', ['true']]] }, undefined],
    ['no key that may be absent', { conditions: [['StringEqualsIfExists', 's3:prefix', ['a']]] }, undefined],
  ])('%s', async (_name, changed, problem) => {
    const problems = await statementProblems({ ...allow, ...changed });
    expect(problems.at(0)).toEqual(problem === undefined ? undefined : expect.stringContaining(problem));
  });
});
