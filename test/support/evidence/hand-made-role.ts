import type { Resources } from './hand-made-network';

/** A statement that allows actions on every resource. */
export const allow = (actions: readonly string[], more: Record<string, unknown> = {}) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: '*',
  ...more,
});

/** A role for a service, with one inline policy. */
export const role = (
  id: string,
  service: string,
  statements: readonly unknown[],
  more: Record<string, unknown> = {},
): Resources => ({
  [id]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: id,
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
      },
      Policies: [{ PolicyName: 'inline', PolicyDocument: { Statement: statements } }],
      ...more,
    },
  },
});
