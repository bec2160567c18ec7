import { z } from 'zod';
import { dutyStates } from './account/duty-check';
import { principalKinds } from './access/questions';
import type { Evidence } from './evidence';
import { nodeTypes } from './reachability/reachability';
import { servicePaths } from './service-access';

const texts = z.array(z.string()).readonly();
const status = z.enum(['shown', 'shared', 'not shown', 'contradicted by specification']);

const networkSchema = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        type: z.enum(nodeTypes),
        placement: z.enum(['public', 'private', 'isolated']).nullable().describe('What its subnets lead to'),
      }),
    )
    .readonly(),
  connections: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        ports: z.string(),
        addresses: z.string().nullable().describe('Addresses of the side that is the internet'),
        via: texts.describe('Gateways and hosts that forward the packets'),
        rules: texts.describe('Rules of security groups'),
      }),
    )
    .readonly(),
  problems: texts.describe('What the model does not cover; nothing is proven unless this is empty'),
});

const conditionalActions = {
  actions: texts,
  conditions: texts.describe('Alternatives of which a request must meet one; empty if it is allowed in any case'),
};
const principalKind = z.enum(principalKinds);

const accessSchema = z.strictObject({
  roles: z
    .array(
      z.strictObject({
        key: z.string(),
        name: z.string(),
        kind: principalKind,
        assumedBy: texts,
        hasBoundary: z.boolean(),
        grants: z.array(z.strictObject({ resource: z.string(), ...conditionalActions })).readonly(),
      }),
    )
    .readonly(),
  questions: z
    .array(
      z.strictObject({
        id: z.string(),
        text: z.string(),
        resources: texts,
        answers: z
          .array(
            z.strictObject({
              principal: z.string(),
              kind: principalKind,
              resource: z.string(),
              ...conditionalActions,
            }),
          )
          .readonly(),
      }),
    )
    .readonly(),
  escalations: z
    .array(
      z.strictObject({
        role: z.string(),
        method: z.string(),
        actions: texts,
        gains: texts.describe('Roles, or patterns'),
      }),
    )
    .readonly(),
  outside: texts.describe('Identities whose policies no template has'),
  problems: texts.describe('Policies whose content is not known; nothing is proven unless this is empty'),
});

/** The format of `evidence.json`. */
const evidenceSchema = z.strictObject({
  schemaVersion: z.literal(1),
  profile: z.string().nullable().describe('The profile that the assembly records; null for another project'),
  stacks: z.array(z.strictObject({ id: z.string(), name: z.string(), region: z.string() })).readonly(),
  resourceCount: z.int(),
  unknownTypes: texts.describe('Types that nothing examines; the report is incomplete unless this is empty'),
  requirements: z
    .array(
      z.strictObject({
        number: z.string().describe('Number in PCI DSS 4.0.1'),
        subject: z.string(),
        status,
        claims: texts.describe('Ids of the claims that have resources'),
        withoutResources: texts.describe('Ids of claims without resources, which support nothing'),
        operator: texts.describe('What remains to the operator'),
      }),
    )
    .readonly(),
  claims: z
    .array(
      z.strictObject({
        id: z.string(),
        requirements: texts,
        statement: z.string(),
        status,
        reason: z.string().nullable(),
        operator: z.string().nullable(),
        observations: z
          .array(z.strictObject({ resource: z.string(), holds: z.boolean(), detail: z.string() }))
          .readonly(),
      }),
    )
    .readonly(),
  acceptedFindings: z
    .array(
      z.strictObject({
        path: z.string(),
        rule: z.string(),
        reason: z.string(),
        compensatingControl: z.string(),
        requirements: texts,
      }),
    )
    .readonly(),
  accountDuties: z
    .array(
      z.strictObject({
        service: z.string(),
        requirements: texts,
        duty: z.string(),
        resources: texts,
        checks: z
          .array(z.strictObject({ region: z.string(), state: z.enum(dutyStates), detail: z.string() }))
          .readonly()
          .describe('Answers of the account; empty without --account, and for duties that no service answers'),
      }),
    )
    .readonly(),
  stores: z
    .array(
      z.strictObject({
        resource: z.string(),
        type: z.string(),
        key: z.string(),
        isKeyRotated: z.boolean().nullable(),
        protection: z.enum(['own', 'aws', 'gap']),
        note: z.string(),
      }),
    )
    .readonly()
    .describe('Data at rest'),
  connections: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        protocol: z.string(),
        isProtected: z.boolean(),
        note: z.string(),
      }),
    )
    .readonly()
    .describe('Data in transit'),
  network: networkSchema.describe('Who may open connections to whom'),
  access: accessSchema.describe('Who may do what'),
  serviceAccess: z
    .array(z.strictObject({ host: z.string(), service: z.string(), path: z.enum(servicePaths) }))
    .readonly()
    .describe('How hosts of a VPC reach the AWS services that their roles may call'),
  remainders: z
    .array(
      z.strictObject({
        resource: z.string(),
        type: z.string(),
        fate: z.enum(['kept', 'delayed', 'blocked', 'outside']),
        explanation: z.string(),
      }),
    )
    .readonly()
    .describe('What deletion leaves or what prevents it'),
  cost: z
    .strictObject({
      date: z.string(),
      region: z.string(),
      source: z.string(),
      rate: z.number().describe('Payments a second of the loaded estimate'),
      idle: z.number(),
      loaded: z.number(),
      lines: z
        .array(
          z.strictObject({
            type: z.string(),
            item: z.string(),
            unit: z.string(),
            unitPrice: z.number(),
            idleQuantity: z.number(),
            loadedQuantity: z.number(),
            idle: z.number(),
            loaded: z.number(),
            assumption: z.string(),
          }),
        )
        .readonly(),
      unpriced: texts.describe('Types and properties without a price; they cost something that no line has'),
      advice: z
        .array(z.strictObject({ item: z.string(), setting: z.string(), saving: z.number(), price: z.string() }))
        .readonly(),
    })
    .describe('US dollars a month'),
  architecture: z
    .strictObject({
      region: z.string(),
      shapes: z
        .array(
          z.strictObject({
            id: z.string(),
            tier: z.enum(['internet', 'edge', 'public', 'private', 'isolated', 'any', 'aws']),
            label: texts,
          }),
        )
        .readonly(),
      arrows: z.array(z.strictObject({ from: z.string(), to: z.string(), ports: z.string() })).readonly(),
    })
    .describe('The picture: tiers as boxes, connections as arrows'),
}) satisfies z.ZodType<Evidence>;

/** The JSON schema of `evidence.json`, as text with a line break at its end. */
export function evidenceJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(evidenceSchema, { target: 'draft-7' }), undefined, 2)}\n`;
}
