import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

/** The labels that a rotation moves. */
type StagingLabel = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

/**
 * A secret during one rotation, which makes one version of it: the one whose id is the token of the rotation.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export class RotatedSecret {
  readonly arn: string;
  readonly #token: string;
  readonly #client: SecretsManagerClient;

  constructor(arn: string, token: string, client: SecretsManagerClient) {
    this.arn = arn;
    this.#token = token;
    this.#client = client;
  }

  /**
   * Whether this rotation has ended already: its version is the current one.
   *
   * @throws when the version is not the one that the secret is to be rotated to
   */
  async isFinished(): Promise<boolean> {
    const { RotationEnabled, versions } = await this.#describe();
    if (RotationEnabled !== true) {
      throw new Error(
        `Rotation is not enabled for secret ${this.arn}. Enable it; do not invoke this function directly.`,
      );
    }
    const labels = versions[this.#token];
    if (labels === undefined)
      throw new Error(`Secret ${this.arn} has no version ${this.#token}. Start a rotation with RotateSecret.`);
    if (labels.includes('AWSCURRENT')) return true;
    if (!labels.includes('AWSPENDING')) {
      throw new Error(
        `Version ${this.#token} of secret ${this.arn} has the staging labels ${labels.join(', ') || '(none)'}, not AWSPENDING: ` +
          'a newer rotation has started. Wait for it to finish.',
      );
    }
    return false;
  }

  /** The text of the current version. @throws when it holds none */
  async current(): Promise<string> {
    return this.#read('AWSCURRENT');
  }

  /** The text of the version before the current one; `undefined` before the first rotation has ended. */
  async previous(): Promise<string | undefined> {
    return this.#readIfAny('AWSPREVIOUS');
  }

  /** The text of this rotation's version; `undefined` before it was written. */
  async pending(): Promise<string | undefined> {
    return this.#readIfAny('AWSPENDING', this.#token);
  }

  /** Writes this rotation's version. @throws when it holds something else already: a version never changes */
  async writePending(text: string): Promise<void> {
    await this.#client.send(
      new PutSecretValueCommand({
        SecretId: this.arn,
        ClientRequestToken: this.#token,
        SecretString: text,
        VersionStages: ['AWSPENDING'],
      }),
    );
  }

  /** Makes this rotation's version the current one; Secrets Manager labels the one before it AWSPREVIOUS. */
  async promote(): Promise<void> {
    const { versions } = await this.#describe();
    const before = Object.keys(versions).find((id) => versions[id]?.includes('AWSCURRENT'));
    await this.#client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: this.arn,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: this.#token,
        RemoveFromVersionId: before,
      }),
    );
  }

  async #describe() {
    const answer = await this.#client.send(new DescribeSecretCommand({ SecretId: this.arn }));
    const versions: Readonly<Record<string, readonly string[]>> = answer.VersionIdsToStages ?? {};
    return { ...answer, versions };
  }

  async #readIfAny(label: StagingLabel, versionId?: string): Promise<string | undefined> {
    try {
      return await this.#read(label, versionId);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  async #read(label: StagingLabel, versionId?: string): Promise<string> {
    const { SecretString } = await this.#client.send(
      new GetSecretValueCommand({ SecretId: this.arn, VersionStage: label, VersionId: versionId }),
    );
    if (SecretString === undefined) throw new Error(`The ${label} version of secret ${this.arn} has no SecretString.`);
    return SecretString;
  }
}
