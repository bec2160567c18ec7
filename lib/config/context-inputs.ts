import { z } from 'zod';
import { profileNames } from './deployment-profile';

const booleanText = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
/** Labels of letters, digits and inner hyphens; the last one is alphabetic or, for an internationalized domain, in Punycode (RFC 5890). */
const domainName = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/;
/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const repositoryName = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

/**
 * The context keys that a user may pass with `-c key=value`, and what each must look like.
 *
 * Shapes only: whether a key is needed, and whether two keys fit together, depends on the profile (`input-problems.ts`). Other keys
 * pass: the context also holds what the CDK CLI and other tools keep there.
 */
export const contextInputs = z.object({
  environmentSuffix: z
    .string('Pass -c environmentSuffix=NAME, such as pr123. Every resource name ends in it.')
    .regex(
      // RDS accepts no two hyphens in a row.
      /^(?!.*--)[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/,
      'Use 1 to 12 lower-case letters, digits and single inner hyphens, such as pr123. Longer names exceed limits of AWS.',
    )
    .describe('Required. The last part of every name: 1 to 12 lower-case letters, digits and single inner hyphens.'),
  profile: z
    .enum(profileNames, `Use one of ${profileNames.join(', ')}.`)
    .default('flagship')
    .describe('The profile to start from.'),
  config: z
    .string()
    .min(1, 'Pass the path of a JSON file.')
    .optional()
    .describe('A JSON file that changes fields of a profile.'),
  domainName: z
    .string()
    .regex(domainName, 'Use a lower-case domain name, such as pay.example.com.')
    .optional()
    .describe('The domain of the platform.'),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{3,31}$/, 'Use the ID of a public hosted zone, such as Z0123456789ABCDEFGHIJ.')
    .optional()
    .describe('The existing public hosted zone that is authoritative for the domain.'),
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/,
      'Use the ARN of an ACM certificate, such as arn:aws:acm:eu-south-2:111122223333:certificate/….',
    )
    .optional()
    .describe('A certificate for the domain in the home region, instead of a new one for the load balancer.'),
  databaseSecretName: z
    .string()
    .regex(/^[\w/+=.@-]{1,512}$/, 'Use the name of an existing Secrets Manager secret.')
    .optional()
    .describe('`compact`: the existing secret with `username` and `password` of the database.'),
  imageRepositoryName: z
    .string()
    .max(256, 'A repository name has at most 256 characters.')
    .regex(/^(?!\d{12}\.dkr\.)/, 'Use the repository name without the registry, such as payments/api.')
    .regex(repositoryName, 'Use the name of an existing private ECR repository, such as payments/api.')
    .optional()
    .describe('The ECR repository of an existing image, instead of one built from `app/`.'),
  imageTag: z
    .string()
    .regex(/^\w[\w.-]{0,127}$/, 'Use the tag of an image in that repository.')
    .optional()
    .describe('The tag of that image.'),
  truststorePath: z
    .string()
    .min(1, 'Pass the path of a PEM bundle.')
    .optional()
    .describe('`partner`: a PEM bundle of the certificate authorities whose clients are admitted.'),
  alarmEmail: z
    .email('Use an e-mail address.')
    .optional()
    .describe("An address that receives alarms, besides the topics' other subscribers."),
  runbookUrl: z
    .string()
    .max(256, 'Use at most 256 characters, because alarm descriptions have a length limit.')
    .regex(
      /^https:\/\/[a-z0-9.-]+(:\d+)?(\/[^\s#"<>]*)?$/i,
      'Use the https:// URL of a page with the headings of lib/observability/RUNBOOK.md. Omit #, because each alarm adds its own anchor.',
    )
    .optional()
    .describe(
      'The `https://` address of a page with the headings of `lib/observability/RUNBOOK.md`, to which alarms link.',
    ),
  allowDestroy: z
    .preprocess((value) => value ?? false, booleanText.describe('true or false'))
    .describe("`true` turns `compact`'s deletion protection off."),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Use an AWS region code, such as ap-southeast-1.')
    .optional()
    .describe('Overrides the region of the profile.'),
  availabilityZones: z
    .string()
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, 'Separate zone names with commas, such as us-east-1a,us-east-1b,us-east-1d.')
    .optional()
    .describe('Zones by name, such as `us-east-1a,us-east-1b,us-east-1d`, instead of the first ones of the region.'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'Use a 12-digit AWS account ID.')
    .optional()
    .describe("Overrides the account of the CLI's credentials."),
});

export type ContextInputs = z.infer<typeof contextInputs>;
