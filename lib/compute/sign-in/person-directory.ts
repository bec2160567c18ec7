import { Aws, Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnManagedLoginBranding,
  type CfnUserPoolClient,
  CfnUserPoolRiskConfigurationAttachment,
  ClientAttributes,
  FeaturePlan,
  ManagedLoginVersion,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Role } from '../../../app/src/merchants/roles.ts' with { 'resolution-mode': 'import' };
import { acceptFindings } from '../../compliance/accepted-findings';
import { addOutput } from '../../core/add-output';
import { pascalCase } from '../../core/pascal-case';
import type { ResourceNames } from '../../core/resource-names';

export interface PersonDirectoryProps {
  readonly names: ResourceNames;
  /** Encrypts the client secret. */
  readonly secretsKey: IKey;
  /** The origin of the console, such as `https://pay.example.com`. */
  readonly consoleOrigin: string;
}

/** A group for each role of a person. */
const groups = {
  viewer: 'Read payments and reports',
  support: 'Also take, capture, void and refund payments',
  administrator: 'Also administer API keys and webhooks',
} as const satisfies Readonly<Record<Role, string>>;

const merchantAttribute = 'merchant_id';

/**
 * The persons who sign in to the console: an Amazon Cognito user pool with its sign-in pages, and the console as its client.
 *
 * Only administrators of the account add persons, each with a merchant and exactly one group. Everybody has a second factor, an app with
 * one-time passwords (PCI DSS 8.4).
 */
export class PersonDirectory extends Construct {
  /** The claims of an ID token that contain role and merchant. */
  static readonly roleClaim = 'cognito:groups';
  static readonly merchantClaim = `custom:${merchantAttribute}`;

  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: ISecret;

  constructor(scope: Construct, id: string, props: PersonDirectoryProps) {
    super(scope, id);
    const { names, secretsKey, consoleOrigin } = props;
    const pool = this.#pool(names);
    this.#blockAttacks(pool);
    for (const [groupName, description] of Object.entries(groups))
      new UserPoolGroup(this, pascalCase(groupName), { userPool: pool, groupName, description });
    const client = this.#client(pool, names, consoleOrigin);
    const pages = this.#pages(pool, client, names);
    this.issuer = pool.userPoolProviderUrl;
    this.clientId = client.userPoolClientId;
    this.clientSecret = this.#secretOf(client, names, secretsKey);
    // Tasks keep the addresses of the pages that they read first.
    this.clientSecret.node.addDependency(pages);
    addOutput(this, 'UserPoolId', pool.userPoolId);
    addOutput(this, 'SignInAddress', pages.baseUrl());
  }

  #pool(names: ResourceNames): UserPool {
    return new UserPool(this, 'Pool', {
      userPoolName: names.of('user-pool'),
      // Threat protection is part of this plan only.
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: {
        email: { required: true, mutable: true },
        fullname: { required: true, mutable: true },
      },
      customAttributes: { [merchantAttribute]: new StringAttribute({ minLen: 36, maxLen: 36, mutable: true }) },
      autoVerify: { email: true },
      // A changed address counts only after its owner has confirmed it.
      keepOriginal: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      // PCI DSS 8.3.6 and 8.3.7: 12 characters, and none of the last four passwords.
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        passwordHistorySize: 4,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** Without it, threat protection assesses the risk of a sign-in and then permits it. */
  #blockAttacks(pool: UserPool): void {
    new CfnUserPoolRiskConfigurationAttachment(this, 'ThreatResponse', {
      userPoolId: pool.userPoolId,
      clientId: 'ALL',
      compromisedCredentialsRiskConfiguration: { actions: { eventAction: 'BLOCK' } },
      accountTakeoverRiskConfiguration: {
        actions: {
          highAction: { eventAction: 'BLOCK', notify: false },
          // The pool demands the second factor anyway; MFA_REQUIRED would lock out persons who are about to set it up.
          mediumAction: { eventAction: 'MFA_IF_CONFIGURED', notify: false },
          lowAction: { eventAction: 'MFA_IF_CONFIGURED', notify: false },
        },
      },
    });
  }

  /** Without other flows and with a secret, nobody but the API gets a token, and none admits to Cognito's own API. */
  #client(userPool: UserPool, names: ResourceNames, consoleOrigin: string): UserPoolClient {
    const readable = { email: true, emailVerified: true, fullname: true };
    return new UserPoolClient(this, 'Client', {
      userPool,
      userPoolClientName: names.of('user-pool-client', 'console'),
      generateSecret: true,
      authFlows: { adminUserPassword: false, custom: false, userPassword: false, userSrp: false, user: false },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.PROFILE, OAuthScope.EMAIL],
        callbackUrls: [`${consoleOrigin}/api/v1/session/callback`],
        logoutUrls: [`${consoleOrigin}/sign-in`],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // The shortest that Cognito allows. The API drops all tokens after it has read the ID token.
      idTokenValidity: Duration.minutes(5),
      accessTokenValidity: Duration.minutes(5),
      refreshTokenValidity: Duration.hours(1),
      readAttributes: new ClientAttributes().withStandardAttributes(readable).withCustomAttributes(merchantAttribute),
      // Nobody may choose the own merchant.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
    });
  }

  #pages(userPool: UserPool, client: UserPoolClient, names: ResourceNames): UserPoolDomain {
    const domain = new UserPoolDomain(this, 'Pages', {
      userPool,
      // Prefixes are unique in a region among all accounts.
      cognitoDomain: { domainPrefix: `payments-${names.suffix}-${Aws.ACCOUNT_ID}` },
      managedLoginVersion: ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    });
    const look = new CfnManagedLoginBranding(this, 'Look', {
      userPoolId: userPool.userPoolId,
      clientId: client.userPoolClientId,
      useCognitoProvidedValues: true,
    });
    look.node.addDependency(domain);
    return domain;
  }

  /** CloudFormation copies the secret that Cognito has generated. Neither a template nor a log contains it. */
  #secretOf(client: UserPoolClient, names: ResourceNames, encryptionKey: IKey): ISecret {
    const generated = (client.node.defaultChild as CfnUserPoolClient).attrClientSecret;
    const secret = new Secret(this, 'ClientSecret', {
      secretName: names.of('secret', 'sign-in-client'),
      description: 'The client secret with which the console signs persons in at Cognito',
      encryptionKey,
      secretStringValue: SecretValue.resourceAttribute(generated),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acceptFindings(secret, ['AwsSolutions-SMG4'], {
      reason: 'Cognito generates the secret with the client, and replaces it only with the client.',
      compensatingControl:
        'The secret has its own key and one role reads it. It gives no token without the code of a person who has just signed in.',
    });
    return secret;
  }
}
