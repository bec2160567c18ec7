import { randomUUID } from 'node:crypto';
import { type AwsCall, AwsError } from './aws-endpoint.ts';

interface Version {
  text: string | undefined;
  readonly labels: Set<string>;
}

/**
 * A fake Secrets Manager: secrets with versions and staging labels, by the rules of its API reference.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export class SecretStore {
  readonly #secrets = new Map<string, Map<string, Version>>();
  /** The next calls that fail, before or after the operation. */
  readonly #crashes: { operation: string; when: 'before' | 'after' }[] = [];
  rotationEnabled = true;

  /** Creates a secret with one version. CloudFormation creates one without a value if the template has none. */
  create(id: string, text: string | undefined): void {
    this.#secrets.set(id, new Map([[randomUUID(), { text, labels: new Set(['AWSCURRENT']) }]]));
  }

  /** Creates an empty AWSPENDING version, as RotateSecret does. Returns its id, the token of the rotation. */
  beginRotation(id: string): string {
    const token = randomUUID();
    this.#versions(id).set(token, { text: undefined, labels: new Set() });
    this.#move(id, 'AWSPENDING', token);
    return token;
  }

  /** The string of the version with a staging label. */
  text(id: string, label = 'AWSCURRENT'): string | undefined {
    return this.#labelled(id, label)?.[1].text;
  }

  /** The staging labels of each version, oldest first. */
  labels(id: string): string[][] {
    return [...this.#versions(id).values()].map(({ labels }) => [...labels].sort());
  }

  /** Makes the next call of an operation fail, like a crash of the function. */
  crash(when: 'before' | 'after', operation: string): void {
    this.#crashes.push({ operation, when });
  }

  /** Handles a request of the SDK. */
  readonly answer = ({ target, input }: AwsCall): unknown => {
    const operation = target.replace('secretsmanager.', '');
    const at = this.#crashes.findIndex((crash) => crash.operation === operation);
    const [crash] = at < 0 ? [] : this.#crashes.splice(at, 1);
    // The SDK does not retry this error.
    const crashed = new AwsError('AccessDeniedException', `crashed ${String(crash?.when)} ${operation}`);
    if (crash?.when === 'before') throw crashed;
    const result = this.#do(operation, input);
    if (crash?.when === 'after') throw crashed;
    return result;
  };

  #do(operation: string, input: Readonly<Record<string, unknown>>): unknown {
    const id = String(input['SecretId']);
    if (operation === 'DescribeSecret') return this.#describe(id);
    if (operation === 'GetSecretValue') return this.#get(id, input);
    if (operation === 'PutSecretValue') return this.#put(id, input);
    if (operation === 'UpdateSecretVersionStage') return this.#update(id, input);
    throw new AwsError('UnknownOperationException', operation);
  }

  #describe(id: string): unknown {
    const versions = [...this.#versions(id)].filter(([, { labels }]) => labels.size > 0);
    return {
      ARN: id,
      RotationEnabled: this.rotationEnabled,
      VersionIdsToStages: Object.fromEntries(versions.map(([version, { labels }]) => [version, [...labels]])),
    };
  }

  #get(id: string, input: Readonly<Record<string, unknown>>): unknown {
    const { VersionId: wanted, VersionStage: label = wanted === undefined ? 'AWSCURRENT' : undefined } = input;
    const found = [...this.#versions(id)].find(
      ([version, { labels }]) =>
        (wanted === undefined || version === wanted) && (label === undefined || labels.has(label as string)),
    );
    if (found?.[1].text === undefined) throw new AwsError('ResourceNotFoundException', 'there is no such value');
    return { ARN: id, VersionId: found[0], SecretString: found[1].text };
  }

  #put(id: string, input: Readonly<Record<string, unknown>>): unknown {
    const token = String(input['ClientRequestToken']);
    const versions = this.#versions(id);
    const version = versions.get(token) ?? { text: undefined, labels: new Set() };
    if (version.text !== undefined && version.text !== input['SecretString'])
      throw new AwsError('ResourceExistsException', 'a version never changes');
    version.text = String(input['SecretString']);
    versions.set(token, version);
    for (const label of (input['VersionStages'] as string[] | undefined) ?? ['AWSCURRENT'])
      this.#move(id, label, token);
    return { ARN: id, VersionId: token };
  }

  #update(id: string, input: Readonly<Record<string, unknown>>): unknown {
    const label = String(input['VersionStage']);
    if (this.#labelled(id, label)?.[0] !== input['RemoveFromVersionId'])
      throw new AwsError('InvalidParameterException', `${label} is on another version`);
    this.#move(id, label, String(input['MoveToVersionId']));
    return { ARN: id };
  }

  #move(id: string, label: string, token: string): void {
    const before = this.#labelled(id, label);
    before?.[1].labels.delete(label);
    this.#versions(id).get(token)?.labels.add(label);
    if (label === 'AWSCURRENT' && before && before[0] !== token) this.#move(id, 'AWSPREVIOUS', before[0]);
  }

  #labelled(id: string, label: string): [string, Version] | undefined {
    return [...this.#versions(id)].find(([, { labels }]) => labels.has(label));
  }

  #versions(id: string): Map<string, Version> {
    const versions = this.#secrets.get(id);
    if (versions === undefined) throw new AwsError('ResourceNotFoundException', 'there is no such secret');
    return versions;
  }
}
