import { Aws } from 'aws-cdk-lib';
import {
  Effect,
  type IManagedPolicy,
  ManagedPolicy,
  PermissionsBoundary as RoleBoundaries,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from './resource-names';

export interface PermissionsBoundaryProps {
  readonly policyName: string;
  /** The regions of the platform. All others are denied. */
  readonly regions: readonly string[];
}

/** Global services. Their calls count as calls in us-east-1, whatever the region of the caller. */
const globalServices = ['iam:*', 'sts:*', 'cloudfront:*', 'route53:*', 'support:*'];

/** API Gateway always calls CreateLogGroup for its execution log, although the log group exists. */
const declaredBeforehand = ['API-Gateway-Execution-Logs_*'];

const never = {
  DenyIdentities: [
    'iam:CreateUser',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:UpdateLoginProfile',
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutRolePermissionsBoundary',
    'organizations:*',
    'account:*',
  ],
  DenyBlindingTheAuditTrail: [
    'cloudtrail:StopLogging',
    'cloudtrail:DeleteTrail',
    'config:StopConfigurationRecorder',
    'ec2:DeleteFlowLogs',
    'guardduty:DeleteDetector',
    'logs:DeleteLogGroup',
    'logs:PutRetentionPolicy',
  ],
  DenyDestroyingKeys: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy'],
  DenyOpeningBuckets: ['s3:PutBucketPublicAccessBlock', 's3:PutAccountPublicAccessBlock', 's3:PutBucketAcl'],
} as const;

/**
 * The permissions boundary of every role of the platform: these actions stay denied, whatever the policies of a role allow.
 *
 * It grants nothing by itself. Each role has its own least-privilege policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export class PermissionsBoundary extends ManagedPolicy {
  constructor(scope: Construct, id: string, props: PermissionsBoundaryProps) {
    super(scope, id, {
      managedPolicyName: props.policyName,
      description: 'Upper limit of every role of the payment platform: an explicit deny list',
      statements: [
        new PolicyStatement({ sid: 'AllowWhatTheRoleItselfGrants', actions: ['*'], resources: ['*'] }),
        ...Object.entries(never).map(
          ([sid, actions]) =>
            new PolicyStatement({ sid, effect: Effect.DENY, actions: [...actions], resources: ['*'] }),
        ),
        new PolicyStatement({
          // All log groups are declared. One that a service creates implicitly is unencrypted and outlives the stack.
          sid: 'DenyUndeclaredLogGroups',
          effect: Effect.DENY,
          actions: ['logs:CreateLogGroup'],
          notResources: declaredBeforehand.map(
            (name) => `arn:${Aws.PARTITION}:logs:*:${Aws.ACCOUNT_ID}:log-group:${name}`,
          ),
        }),
        new PolicyStatement({
          sid: 'DenyLeavingTheRegions',
          effect: Effect.DENY,
          notActions: globalServices,
          resources: ['*'],
          conditions: { StringNotEquals: { 'aws:RequestedRegion': [...props.regions] } },
        }),
      ],
    });
    acceptFindings(
      this,
      [
        'AwsSolutions-IAM5[Action::*]',
        'AwsSolutions-IAM5[Resource::*]',
        'PCI.DSS.321-IAMPolicyNoStatementsWithAdminAccess',
        'PCI.DSS.321-IAMPolicyNoStatementsWithFullAccess',
      ],
      {
        reason:
          'A permissions boundary limits permissions and grants none. Its wildcards are required for the deny list to be the only limit.',
        compensatingControl: 'Each role has its own policy without wildcards, and the same rules check it.',
      },
    );
  }

  static policyName(names: ResourceNames): string {
    return names.of('permissions-boundary');
  }

  /** Sets the boundary of every role in `scope`. */
  static applyTo(scope: Construct, policy: IManagedPolicy): void {
    RoleBoundaries.of(scope).apply(policy);
  }

  /** Sets the boundary of every role in `scope` to the policy of another stack. */
  static applyByName(scope: Construct, policyName: string): void {
    // By name, because a reference would couple the updates of every stack to the network stack, which owns the policy.
    PermissionsBoundary.applyTo(scope, ManagedPolicy.fromManagedPolicyName(scope, 'PermissionsBoundary', policyName));
  }
}
