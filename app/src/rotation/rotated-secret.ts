import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

type StagingLabel = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

/**
 * A secret during a rotation. The rotation creates one version, whose id is the `ClientRequestToken`.
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
   * Whether this rotation has finished: its version is labelled AWSCURRENT.
   *
   * @throws when rotation is disabled, or the version does not exist or is not labelled AWSPENDING
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

  /** The string of the AWSCURRENT version. @throws when it has none */
  async current(): Promise<string> {
    return this.#read('AWSCURRENT');
  }

  /** The string of the AWSPREVIOUS version; `undefined` before the first rotation has finished. */
  async previous(): Promise<string | undefined> {
    return this.#readIfAny('AWSPREVIOUS');
  }

  /** The string of this rotation's version; `undefined` before createSecret has written it. */
  async pending(): Promise<string | undefined> {
    return this.#readIfAny('AWSPENDING', this.#token);
  }

  /** Writes the string of this rotation's version. @throws when the version already has a different string */
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

  /** Moves the label AWSCURRENT to this rotation's version. Secrets Manager then labels the version before it AWSPREVIOUS. */
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
