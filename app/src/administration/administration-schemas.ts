import { Type } from 'typebox';
import { id, nullable, plainText, strict, time, timeFilter } from '../http/schemas.ts';
import { scopes } from '../merchants/roles.ts';

const name = Type.String({ minLength: 1, maxLength: 100, pattern: plainText });

export const merchantSchema = Type.Object(
  {
    id,
    name: Type.String(),
    createdAt: time,
    suspendedAt: nullable(time),
    clientCertificateSubject: nullable(Type.String()),
  },
  { title: 'Merchant' },
);

export const newMerchantSchema = Type.Object({ name }, { ...strict, title: 'NewMerchant' });

export const clientCertificateSchema = Type.Object(
  {
    subject: Type.String({
      minLength: 1,
      maxLength: 1024,
      pattern: plainText,
      description: 'The distinguished name as the API Gateway reports it, such as `CN=shop,O=Example`',
    }),
  },
  { ...strict, title: 'ClientCertificate' },
);

const apiKey = {
  id,
  name: Type.String(),
  scopes: Type.Array(Type.Enum([...scopes])),
  createdAt: time,
  expiresAt: nullable(time),
  revokedAt: nullable(time),
  lastUsedAt: nullable(Type.String({ format: 'date-time', description: 'Exact to a minute or two' })),
};

export const apiKeySchema = Type.Object(apiKey, { title: 'ApiKey' });

export const issuedApiKeySchema = Type.Object(
  {
    ...apiKey,
    secret: Type.String({ description: 'The key. It is shown this once; only its digest is stored.' }),
  },
  { title: 'IssuedApiKey' },
);

export const newApiKeySchema = Type.Object(
  {
    name,
    scopes: Type.Array(Type.Enum([...scopes]), { minItems: 1, maxItems: scopes.length, uniqueItems: true }),
    expiresAt: timeFilter('When the key expires; never by default'),
  },
  { ...strict, title: 'NewApiKey' },
);

export const rollSchema = Type.Object(
  {
    oldKeyValidSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'How long the old key stays valid; 86400 (a day) by default',
      }),
    ),
  },
  { ...strict, title: 'NewRoll' },
);

export const auditEntrySchema = Type.Object(
  {
    id,
    createdAt: time,
    actor: Type.String({ description: '`operator:ID` or `key:ID`, with the id of the key, or `person:SUBJECT`' }),
    action: Type.String(),
    merchantId: id,
    targetId: id,
    before: nullable(Type.Record(Type.String(), Type.Unknown())),
    after: nullable(Type.Record(Type.String(), Type.Unknown())),
    correlationId: Type.String(),
  },
  { title: 'AuditEntry' },
);
