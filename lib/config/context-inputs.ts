import { z } from 'zod';
import { profileNames } from './deployment-profile';

const booleanText = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
/** Labels of letters, digits and inner hyphens; the last one is alphabetic or, for an internationalized domain, in Punycode (RFC 5890). */
const domainName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryName = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/**
 * The context keys that a user may pass with `-c key=value`, and their formats.
 *
 * Whether a key is required, and whether two keys conflict, depends on the profile (`input-problems.ts`). Unknown keys are accepted,
 * because the CDK CLI and other tools use the context too.
 */
export const contextInputs = z.object({
  environmentSuffix: z
    .string('Pass -c environmentSuffix=NAME, such as pr123. Every resource name ends in it.')
    .regex(
      // RDS rejects consecutive hyphens.
      /^(?!.*--)[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/,
      'Use 1 to 12 lower-case letters, digits and single inner hyphens, such as pr123. Longer names exceed limits of AWS.',
    )
    .describe(
      'Required. The last part of every resource name: 1 to 12 lower-case letters, digits and single inner hyphens.',
    ),
  profile: z
    .enum(profileNames, `Use one of ${profileNames.join(', ')}.`)
    .default('flagship')
    .describe('The profile to start from.'),
  config: z
    .string()
    .min(1, 'Pass the path of a JSON file.')
    .optional()
    .describe('A JSON file that overrides fields of the profile.'),
  domainName: z
    .string()
    .regex(domainName, 'Use a lower-case domain name, such as pay.example.com.')
    .optional()
    .describe('The domain name of the platform.'),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{3,31}$/, 'Use the ID of a public hosted zone, such as Z0123456789ABCDEFGHIJ.')
    .optional()
    .describe('The ID of the existing public hosted zone that is authoritative for the domain.'),
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'Use the ARN of an ACM certificate, such as arn:aws:acm:eu-south-2:111122223333:certificate/….',
    )
    .optional()
    .describe(
      'An ACM certificate for the domain in the home region. By default, one is created for the load balancer.',
    ),
  databaseSecretName: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/, 'Use the name of an existing Secrets Manager secret.')
    .optional()
    .describe('`compact`: the existing secret with the keys `username` and `password` of the database administrator.'),
  imageRepositoryName: z
    .string()
    .max(256, 'A repository name has at most 256 characters.')
    .regex(/^(?!\d{12}\.dkr\.)/, 'Use the repository name without the registry, such as payments/api.')
    .regex(repositoryName, 'Use the name of an existing private ECR repository, such as payments/api.')
    .optional()
    .describe('The ECR repository of an existing image. By default, the image is built from `app/`.'),
  imageTag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, 'Use the tag of an image in that repository.')
    .optional()
    .describe('The tag of the existing image.'),
  truststorePath: z
    .string()
    .min(1, 'Pass the path of a PEM bundle.')
    .optional()
    .describe(
      '`partner`: a PEM bundle of the certificate authorities that API Gateway trusts to issue client certificates.',
    ),
  alarmEmail: z
    .email('Use an e-mail address.')
    .optional()
    .describe('An e-mail address that is subscribed to the alarm topics.'),
  runbookUrl: z
    .string()
    .max(256, 'Use at most 256 characters, because alarm descriptions have a length limit.')
    .regex(
      /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[^\s#"<>]*)?$/i,
      'Use the https:// URL of a page with the headings of lib/observability/RUNBOOK.md. Omit #, because each alarm adds its own anchor.',
    )
    .optional()
    .describe('The `https://` URL of the published `lib/observability/RUNBOOK.md`, to which alarms link.'),
  allowDestroy: z
    .preprocess((value) => value ?? false, booleanText.describe('true or false'))
    .describe('`compact`: `true` turns off the deletion protection of the database.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Use an AWS region code, such as ap-southeast-1.')
    .optional()
    .describe('Overrides the region of the profile.'),
  availabilityZones: z
    .string()
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, 'Separate zone names with commas, such as us-east-1a,us-east-1b,us-east-1d.')
    .optional()
    .describe(
      'Names of Availability Zones, such as `us-east-1a,us-east-1b,us-east-1d`. By default, the first zones of the region are used.',
    ),
  account: z
    .string()
    .regex(/^\d{12}$/, 'Use a 12-digit AWS account ID.')
    .optional()
    .describe('The AWS account ID. By default, the account of the CLI credentials is used.'),
});

export type ContextInputs = z.infer<typeof contextInputs>;
