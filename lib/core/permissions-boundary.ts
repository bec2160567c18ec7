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
  /** The regions that the platform lives in; every other one is denied. */
  readonly regions: readonly string[];
}

/** Services whose single endpoint counts as us-east-1 wherever they are called from. */
const globalServices = ['iam:*', 'sts:*', 'cloudfront:*', 'route53:*', 'support:*'];

/** API Gateway insists on trying to make this, which is there by then. */
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
 * The upper limit of every role of the platform: whatever a role is granted, these actions stay denied to it.
 *
 * It grants nothing by itself; each role still has its own narrow policy.
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
          // Log groups are declared; one that a service makes for itself is unencrypted and outlives the stack.
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
          'A permissions boundary limits and never grants; its wildcards are the ground that the deny list is cut from.',
        compensatingControl: 'Each role has its own policy without wildcards, checked by the same rules.',
      },
    );
  }

  /** The policy's name in this environment. */
  static policyName(names: ResourceNames): string {
    return names.of('permissions-boundary');
  }

  /** Limits every role below `scope`. */
  static applyTo(scope: Construct, policy: IManagedPolicy): void {
    RoleBoundaries.of(scope).apply(policy);
  }

  /** Limits every role below `scope` by the policy of another stack. */
  static applyByName(scope: Construct, policyName: string): void {
    // The first stack owns the policy; a reference to it would tie every other stack's updates to that one.
    PermissionsBoundary.applyTo(scope, ManagedPolicy.fromManagedPolicyName(scope, 'PermissionsBoundary', policyName));
  }
}
