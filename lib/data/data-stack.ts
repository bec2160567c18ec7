import { CfnOutput } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { expectedConnections } from '../config/database-connections';
import { PlatformStack, type PlatformStackProps } from '../core/platform-stack';
import { type NetworkResources, vpcConfigOfAwsFunctions } from '../network/network-resources';
import { RestoreDrill } from './restore-drill/restore-drill';
import { createImageRepository } from './create-image-repository';
import type { DataResources, IApiLogin, IDocumentBucket, IPaymentsDatabase } from './data-resources';
import { createDatabase } from './database/create-database';
import { createDatabaseCredentials } from './database/credentials/create-database-credentials';
import { DocumentBucket } from './documents/document-bucket';
import type { DocumentReplica } from './documents/document-replica-stack';
import { EncryptionKeys } from './encryption-keys';

export interface DataStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
  /** The replica of documents. @default - no documents */
  readonly replica?: DocumentReplica | undefined;
}

/** The second tier: keys, database, documents and image repository. */
export class DataStack extends PlatformStack implements DataResources {
  readonly database: IPaymentsDatabase;
  readonly apiLogin: IApiLogin;
  readonly documents: IDocumentBucket | undefined;
  readonly alarms: readonly AlarmDefinition[];
  readonly secretsKey: IKey;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props, {
      tier: 'data',
      description: 'Payment platform: keys, database, credentials, image repository',
      functionVpcConfig: vpcConfigOfAwsFunctions(props.network),
    });
    const { names } = this;
    const { network, replica, settings } = props;
    const { database, observability, restoreDrill: drillConfig, site } = settings.profile;
    const isTraced = observability.tracing !== undefined;

    const keys = new EncryptionKeys(this, 'Keys', { names });
    // Imported, because a grant on the key itself would add roles of other stacks to its policy and make this stack depend on them.
    this.secretsKey = Key.fromKeyArn(this, 'SecretsKey', keys.secrets.keyArn);
    const credentials = createDatabaseCredentials(database.credentials, {
      names,
      network,
      secretsKey: this.secretsKey,
      existingSecretName: settings.databaseSecretName,
      restoredSecretArn: database.restored?.administratorSecretArn,
    });
    this.database = createDatabase(this, 'Database', database, {
      names,
      network,
      key: keys.database,
      credentials,
      expectedConnections: expectedConnections(settings.profile),
      mayBeDestroyed: settings.allowDestroy,
      namesSessionsInLog: isTraced,
    });
    const apiLogin = credentials.bindApi(this, this.database);
    this.apiLogin = apiLogin.login;
    const restoreDrill =
      drillConfig &&
      new RestoreDrill(this, 'RestoreDrill', {
        names,
        network,
        database: this.database,
        key: keys.database,
        schedule: drillConfig.schedule,
      });
    this.documents =
      replica &&
      new DocumentBucket(this, 'Documents', {
        names,
        replica,
        logRetentionDays: observability.logRetentionDays,
        forBrowsers: site !== undefined,
      });
    this.alarms = [this.database, apiLogin, restoreDrill, this.documents].flatMap((each) => each?.alarms ?? []);
    new CfnOutput(this, 'DatabaseEndpoint', { value: this.database.host });
    new CfnOutput(this, 'DatabaseDeletionProtection', {
      value: String(database.deletionProtection !== 'off' && !settings.allowDestroy),
    });
    if (restoreDrill) {
      new CfnOutput(this, 'RestoreDrillStateMachineArn', { value: restoreDrill.stateMachineArn });
    }
    createImageRepository(this, 'ImageRepository', settings.image, {
      names,
      key: keys.images,
      holdsCollector: isTraced,
    });
  }
}
