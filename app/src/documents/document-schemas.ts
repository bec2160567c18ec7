import { Type } from 'typebox';
import { id, idParamsSchema, nullable, strict, time } from '../http/schemas.ts';
import { contentTypes, documentStatuses, maxSizeBytes } from './document.ts';

const sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the content, hexadecimal' });

export const newDocumentSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[^\\u0000-\\u001f\\u007f/\\\\]+$',
      description: 'The name of the file when it is downloaded',
    }),
    contentType: Type.Enum([...contentTypes]),
    sizeBytes: Type.Integer({ minimum: 1, maximum: maxSizeBytes }),
    sha256,
  },
  { ...strict, title: 'NewDocument' },
);

export const documentSchema = Type.Object(
  {
    id,
    paymentId: id,
    name: Type.String(),
    contentType: Type.String(),
    sizeBytes: Type.Integer(),
    sha256,
    status: Type.Enum([...documentStatuses]),
    createdAt: time,
    storedAt: nullable(time),
    expiresAt: nullable(time),
  },
  { title: 'Document' },
);

const presignedRequestSchema = Type.Object(
  {
    method: Type.Enum(['PUT', 'GET']),
    url: Type.String({ description: 'Needs no other credential, and is one: do not store it' }),
    headers: Type.Record(Type.String(), Type.String(), { description: 'To be sent as they stand' }),
    expiresAt: time,
  },
  { title: 'PresignedRequest' },
);

/** The body of the `upload` request is the content. The store rejects another type, length or checksum. */
export const registrationSchema = Type.Object(
  { document: documentSchema, upload: nullable(presignedRequestSchema) },
  { title: 'DocumentRegistration' },
);
export const documentResponseSchema = Type.Object(
  { document: documentSchema, download: nullable(presignedRequestSchema) },
  { title: 'DocumentResponse' },
);

export const documentParamsSchema = Type.Object(
  { ...idParamsSchema.properties, documentId: Type.String({ format: 'uuid', description: 'The id of the document' }) },
  strict,
);
