/** A requirement that infrastructure can support, in our own words. */
export interface Requirement {
  /** Number in PCI DSS 4.0.1. */
  readonly number: string;
  readonly subject: string;
  /** Why templates cannot show it, or what remains beside what they show. */
  readonly operator?: string;
}

/** The requirements of PCI DSS 4.0.1 that infrastructure can support. Claims name them by number. */
export const requirements: readonly Requirement[] = [
  { number: '1.2.1', subject: 'Rules of network controls are defined and in force' },
  { number: '1.2.5', subject: 'Only needed ports and protocols are open' },
  { number: '1.2.6', subject: 'Risky protocols are made safe' },
  {
    number: '1.2.8',
    subject: 'Configurations of network controls are protected',
    operator: 'AWS Config is a duty of the account.',
  },
  { number: '1.3.1', subject: 'Inbound traffic to the cardholder data environment is limited' },
  { number: '1.3.2', subject: 'Outbound traffic from the cardholder data environment is limited' },
  {
    number: '1.3.3',
    subject: 'Wireless networks are separated',
    operator: 'AWS has none; the offices of the operator may have some.',
  },
  { number: '1.4.1', subject: 'Controls are between trusted and untrusted networks' },
  { number: '1.4.2', subject: 'The internet reaches only what is meant for it' },
  {
    number: '1.4.3',
    subject: 'Forged source addresses are refused',
    operator: 'The VPC refuses them; AWS’s own report shows it.',
  },
  { number: '1.4.4', subject: 'Stores of account data are out of reach of untrusted networks' },
  { number: '2.2.2', subject: 'Vendor defaults are changed' },
  { number: '2.2.4', subject: 'Only needed functions are enabled' },
  { number: '2.2.6', subject: 'Security parameters prevent misuse' },
  {
    number: '2.2.7',
    subject: 'Administration is encrypted',
    operator: 'AWS’s API accepts TLS only; administrators must use it.',
  },
  { number: '3.5.1', subject: 'Stored account data is unreadable' },
  {
    number: '3.5.1.2',
    subject: 'Encryption of disks is not the only protection',
    operator: 'The API accepts tokens only and stores no card number.',
  },
  { number: '3.6.1', subject: 'Keys are protected against disclosure and misuse' },
  { number: '3.7.4', subject: 'Keys change at the end of their lifetime' },
  { number: '3.7.5', subject: 'Keys are retired and destroyed safely' },
  {
    number: '3.7.6',
    subject: 'Nobody handles keys in plain text',
    operator: 'KMS never discloses a key; AWS’s own report shows it.',
  },
  { number: '3.7.7', subject: 'Unauthorized replacement of keys is prevented' },
  { number: '4.2.1', subject: 'Account data in transit is encrypted strongly' },
  {
    number: '4.2.1.1',
    subject: 'Trusted keys and certificates are listed',
    operator: 'Keep a list of certificates beside the templates.',
  },
  { number: '6.3.1', subject: 'Vulnerabilities are found' },
  { number: '6.3.2', subject: 'Components of the software are known' },
  { number: '6.3.3', subject: 'Patches are applied' },
  { number: '6.4.1', subject: 'Public web applications are protected against attacks' },
  { number: '6.4.2', subject: 'An automated control detects and prevents attacks on web applications' },
  { number: '6.4.3', subject: 'Scripts of payment pages are authorized and intact' },
  { number: '6.5.1', subject: 'Changes of production follow a procedure' },
  { number: '6.5.2', subject: 'Significant changes are checked' },
  { number: '7.2.1', subject: 'Access follows a model' },
  { number: '7.2.2', subject: 'Access is limited to what a task needs' },
  { number: '7.2.5', subject: 'Accounts of applications have least privilege' },
  {
    number: '7.2.6',
    subject: 'Queries of stored cardholder data are limited',
    operator: 'The database grants each login its functions only; app/database shows it.',
  },
  { number: '7.3.1', subject: 'A system enforces access' },
  { number: '7.3.3', subject: 'Access is denied by default' },
  { number: '8.2.1', subject: 'Each user has an identity' },
  { number: '8.2.2', subject: 'Shared accounts are exceptions' },
  {
    number: '8.3.1',
    subject: 'Each access is authenticated',
    operator: 'The API authenticates merchants and operators by keys; its tests show it.',
  },
  { number: '8.3.2', subject: 'Authentication factors are unreadable' },
  { number: '8.3.6', subject: 'Passwords are long enough' },
  { number: '8.3.9', subject: 'Passwords change' },
  {
    number: '8.4.2',
    subject: 'People use multi-factor authentication',
    operator: 'The identity provider of the account enforces it.',
  },
  { number: '8.6.1', subject: 'Interactive use of system accounts is an exception' },
  { number: '8.6.2', subject: 'Passwords of applications are not in files or code' },
  { number: '8.6.3', subject: 'Passwords of applications are protected and change' },
  { number: '10.2.1', subject: 'Audit logs record what happens' },
  { number: '10.2.1.2', subject: 'Acts of administrators are logged' },
  { number: '10.2.2', subject: 'Log entries have user, event, time, result, origin and target' },
  { number: '10.3.2', subject: 'Logs are protected against changes' },
  { number: '10.3.3', subject: 'Logs are copied to a separate place', operator: 'Copy logs to another account.' },
  {
    number: '10.3.4',
    subject: 'Changes of logs are detected',
    operator: 'CloudTrail’s log file validation is a duty of the account.',
  },
  { number: '10.4.1', subject: 'Logs are reviewed' },
  { number: '10.4.1.1', subject: 'Reviews of logs are automated' },
  { number: '10.5.1', subject: 'Audit logs are kept for twelve months' },
  { number: '10.6.1', subject: 'Clocks agree', operator: 'AWS synchronizes the clocks of Fargate, Lambda and RDS.' },
  { number: '10.7.2', subject: 'Failures of security controls are detected' },
  { number: '11.3.1', subject: 'Internal vulnerability scans run' },
  { number: '11.5.1', subject: 'Intrusions are detected', operator: 'GuardDuty is a duty of the account.' },
  { number: '11.5.2', subject: 'Changes of critical files are detected' },
  {
    number: '11.6.1',
    subject: 'Changes of payment pages are detected',
    operator: 'Compare headers and scripts of the deployed console weekly; nothing here does.',
  },
  { number: '12.10.5', subject: 'Alarms of security systems are answered' },
];
