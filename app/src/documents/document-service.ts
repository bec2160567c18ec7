import type { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Position } from '../db/newest-first.ts';
import { queryAs, queryOneAs } from '../db/merchant-query.ts';
import { asMerchant, type Caller } from '../db/transaction.ts';
import { keyReused } from '../idempotency/idempotency-problems.ts';
import { claimKey, lockKey, markFinished, markPrepared } from '../idempotency/idempotency-repository.ts';
import { paymentNotFound } from '../payments/payment.ts';
import { findPayment, paymentOf } from '../payments/payment-repository.ts';
import type { IdempotentRequest } from '../idempotency/idempotent-request.ts';
import { overloaded, Problem } from '../problems.ts';
import { type Document, type NewDocument, objectKey, toPublicDocument, type RegisteredDocument } from './document.ts';
import { documentOf, findDocument, insertDocument, markStored, pageOfDocuments } from './document-repository.ts';
import {
  type DocumentContent,
  type DocumentStore,
  type PresignedRequest,
  StoreUnavailableError,
} from './document-store.ts';

export interface DocumentServiceDependencies {
  readonly pool: Pool;
  readonly store: DocumentStore;
  /** The expiration of the store's lifecycle rule. */
  readonly retentionDays: number;
}

/** A registered document and the request that uploads its content. */
export interface Registration {
  readonly document: Document;
  /** `null` after the upload, because the content cannot be replaced. */
  readonly upload: PresignedRequest | null;
  /** Whether an earlier request with this Idempotency-Key has registered the document. */
  readonly replayed: boolean;
}

/** What is stored with an Idempotency-Key: the document it registered, but no signed URL. */
interface RegisteredUnder {
  readonly kind: 'register-document';
  readonly documentId: string;
}

/**
 * Documents of payments. The database has the registrations, the store the contents.
 *
 * Reading a pending document looks it up in the store, until the upload is recorded. Rejected: S3 event notifications, which need a queue
 * and a function and arrive later.
 */
export class DocumentService {
  readonly #dependencies: DocumentServiceDependencies;

  constructor(dependencies: DocumentServiceDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * Registers a document once per Idempotency-Key. Each response contains a new upload request: a stored one would expire, and would be a
   * credential at rest.
   *
   * @throws Problem when the payment does not exist, or another request has used the key
   */
  async register(request: IdempotentRequest, paymentId: string, document: NewDocument): Promise<Registration> {
    const { merchantId } = request;
    const { registered, replayed } = await asMerchant(this.#dependencies.pool, request, async (client) => {
      if (!(await claimKey(client, request, uuid()))) {
        const known = await lockKey<RegisteredUnder, unknown>(client, request.key);
        if (!known?.requestHash.equals(request.requestHash) || !known.operation) {
          throw keyReused();
        }
        return { registered: await findDocument(client, paymentId, known.operation.documentId), replayed: true };
      }
      if (!(await findPayment(client, paymentId))) throw paymentNotFound(paymentId);
      const inserted = await insertDocument(client, merchantId, paymentId, document);
      const operation: RegisteredUnder = { kind: 'register-document', documentId: inserted.id };
      await markPrepared(client, request.key, operation);
      await markFinished(client, request.key, 201, { documentId: inserted.id });
      return { registered: inserted, replayed: false };
    });
    if (!registered)
      throw new Error(`The document that this Idempotency-Key registered for payment ${paymentId} does not exist.`);
    const current = replayed ? await this.#current(request, registered) : registered;
    return {
      document: this.#toPublicDocument(current),
      upload: current.storedAt === null ? await this.#store.presignUpload(contentOf(merchantId, current)) : null,
      replayed,
    };
  }

  /** Lists documents of a payment, newest first. @throws Problem when the payment does not exist */
  async list(caller: Caller, paymentId: string, after: Position | undefined, limit: number): Promise<Document[]> {
    const { pool } = this.#dependencies;
    const documents = await queryAs(pool, caller, pageOfDocuments(paymentId, after, limit));
    if (documents.length === 0 && !(await queryOneAs(pool, caller, paymentOf(paymentId))))
      throw paymentNotFound(paymentId);
    const current = await Promise.all(documents.map((document) => this.#current(caller, document)));
    return current.map((document) => this.#toPublicDocument(document));
  }

  /** Returns a document and, while it is stored, the request that downloads it. @throws Problem when the document does not exist */
  async get(
    caller: Caller,
    paymentId: string,
    id: string,
  ): Promise<{ document: Document; download: PresignedRequest | null }> {
    const found = await queryOneAs(this.#dependencies.pool, caller, documentOf(paymentId, id));
    if (!found) throw new Problem('not-found', `Payment ${paymentId} has no document ${id}.`);
    const current = await this.#current(caller, found);
    const document = this.#toPublicDocument(current);
    const content = contentOf(caller.merchantId, current);
    return {
      document,
      download: document.status === 'stored' ? await this.#store.presignDownload(content, current.name) : null,
    };
  }

  /** Returns the document after looking up a pending one in the store. No transaction is open during the request to the store. */
  async #current(caller: Caller, document: RegisteredDocument): Promise<RegisteredDocument> {
    if (document.storedAt !== null) return document;
    const storedAt = await this.#store.storedAt(contentOf(caller.merchantId, document)).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw overloaded(2, 'The document store is temporarily unavailable');
    });
    if (!storedAt) return document;
    await asMerchant(this.#dependencies.pool, caller, (client) => markStored(client, document.id, storedAt));
    return { ...document, storedAt: storedAt.toISOString() };
  }

  get #store(): DocumentStore {
    return this.#dependencies.store;
  }

  #toPublicDocument(document: RegisteredDocument): Document {
    return toPublicDocument(document, this.#dependencies.retentionDays);
  }
}

function contentOf(merchantId: string, document: RegisteredDocument): DocumentContent {
  const { contentType, sizeBytes, sha256 } = document;
  return { key: objectKey(merchantId, document), contentType, sizeBytes, sha256 };
}
