import type { DutyCheck } from '../account/duty-check';
import type { Assembly } from '../assembly';

/** A control that belongs to the AWS account, because all its environments share it. */
export interface AccountDuty {
  readonly service: string;
  readonly requirements: readonly string[];
  readonly duty: string;
  /** A resource of this type in the assembly would fulfil the duty there. */
  readonly type: string;
}

/** What the account must have. The platform creates none of it. */
const accountDuties: readonly AccountDuty[] = [
  {
    service: 'CloudTrail',
    requirements: ['10.2.1', '10.2.1.2', '10.3.4', '10.5.1'],
    duty: 'A trail of all regions with log file validation, kept for twelve months in another account.',
    type: 'AWS::CloudTrail::Trail',
  },
  {
    service: 'GuardDuty',
    requirements: ['10.4.1.1', '11.5.1', '11.5.2'],
    duty: 'Detectors in each region, with protection of S3, RDS, Lambda and ECS runtimes; findings reach someone.',
    type: 'AWS::GuardDuty::Detector',
  },
  {
    service: 'AWS Config',
    requirements: ['1.2.8', '2.2.4', '11.5.2'],
    duty: 'A recorder of all resource types in each region, and rules that report changes outside CloudFormation.',
    type: 'AWS::Config::ConfigurationRecorder',
  },
  {
    service: 'Security Hub',
    requirements: ['6.3.1', '10.4.1.1', '12.10.5'],
    duty: 'The PCI DSS standard is enabled; findings reach someone.',
    type: 'AWS::SecurityHub::Hub',
  },
  {
    service: 'IAM Identity Center',
    requirements: ['8.2.1', '8.4.2'],
    duty: 'People sign in with multi-factor authentication; the root user has a hardware device and no access key.',
    type: 'AWS::SSO::Instance',
  },
  {
    service: 'S3 account settings',
    requirements: ['1.4.4'],
    duty: 'The account blocks public access to all buckets.',
    type: 'AWS::S3::AccountPublicAccessBlock',
  },
];

/** An account duty with the resources of the assembly that fulfil it. */
export interface AccountDutyResult extends Omit<AccountDuty, 'type'> {
  readonly resources: readonly string[];
  /** What the account answers in each region; empty if it was not asked, or if no question exists. */
  readonly checks: readonly Omit<DutyCheck, 'service'>[];
}

/** The duties of the account. @param checks - what the account has answered; empty if it was not asked */
export function accountDutiesOf(assembly: Assembly, checks: readonly DutyCheck[]): AccountDutyResult[] {
  return accountDuties.map(({ type, ...duty }) => ({
    ...duty,
    resources: assembly.ofType(type).map(({ key }) => key),
    checks: checks
      .filter(({ service }) => service === duty.service)
      .map(({ region, state, detail }) => ({ region, state, detail })),
  }));
}
