/** Reads what an acquirer sends by itself. */
export interface NoticeReader {
  /**
   * The reference of the operation that a notice is about; `undefined` when it is about none of ours.
   *
   * @param body as it was sent, byte for byte
   * @param signature the header with its signature
   * @throws NoticeRefusedError when the acquirer did not sign it
   */
  referenceIn(body: Buffer, signature: string): Promise<string | undefined>;
}

/** The signature of a notice is missing, wrong or old. */
export class NoticeRefusedError extends Error {
  constructor(options?: ErrorOptions) {
    super('The signature of the notice is missing, wrong or old.', options);
    this.name = 'NoticeRefusedError';
  }
}
