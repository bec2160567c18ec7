import type { Static } from 'typebox';
import type * as administration from '../administration/administration-schemas.ts';
import type * as documents from '../documents/document-schemas.ts';
import type * as schemas from './schemas.ts';

/* The request and response types of the API. The console imports them, so a change that breaks it does not compile. */

export type PaymentView = Static<typeof schemas.paymentSchema>;
export type NewPayment = Static<typeof schemas.newPaymentSchema>;
export type NewCapture = Static<typeof schemas.captureSchema>;
export type NewRefund = Static<typeof schemas.newRefundSchema>;
export type RefundView = Static<typeof schemas.refundSchema>;
export type RefundResponse = Static<typeof schemas.refundResponseSchema>;
export type PaymentEventView = Static<typeof schemas.eventSchema>;
export type LedgerEntryView = Static<typeof schemas.entrySchema>;
export type BalanceView = Static<typeof schemas.balanceSchema>;
export type DailyTotalView = Static<typeof schemas.dailyTotalSchema>;
export type SessionView = Static<typeof schemas.sessionSchema>;
export type ApiKeyView = Static<typeof administration.apiKeySchema>;
export type IssuedApiKeyView = Static<typeof administration.issuedApiKeySchema>;
export type NewApiKey = Static<typeof administration.newApiKeySchema>;
export type NewDocument = Static<typeof documents.newDocumentSchema>;
export type DocumentView = Static<typeof documents.documentSchema>;
export type DocumentRegistration = Static<typeof documents.registrationSchema>;
export type DocumentResponse = Static<typeof documents.documentResponseSchema>;
export type ProblemView = Static<typeof schemas.problemSchema>;

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
