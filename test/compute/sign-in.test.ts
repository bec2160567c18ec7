import { computeTier, ownDomain } from '../support/compute-tier';
import { overrides } from '../support/profile-overrides';
import { referenceOf, TemplateResources } from '../support/template-resources';

const tier = (signIn?: object) =>
  new TemplateResources(computeTier({ ...ownDomain, ...(signIn && overrides({ signIn })) }));

/** The variables of sign-in in the API's container. */
function variablesOf(resources: TemplateResources): Record<string, unknown> {
  const variables = resources
    .properties('AWS::ECS::TaskDefinition')
    .flatMap(
      ({ ContainerDefinitions }) => ContainerDefinitions as { Environment?: { Name: string; Value: unknown }[] }[],
    )
    .flatMap(({ Environment = [] }) => Environment)
    .filter(({ Name }) => Name.startsWith('OIDC_'));
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

/** The names of roles that may read a secret. */
function readersOf(resources: TemplateResources, secretId: string): string[] {
  return resources
    .properties('AWS::IAM::Role')
    .map(({ RoleName }) => String(RoleName))
    .filter((name) =>
      resources.statementsOf(name).some(({ Resource }) => JSON.stringify(Resource ?? '').includes(`"${secretId}"`)),
    );
}

test('persons cannot sign in by default', () => {
  const resources = tier();
  expect(variablesOf(resources)).toEqual({});
  expect(Object.values(resources.all).filter(({ Type }) => Type.startsWith('AWS::Cognito::'))).toEqual([]);
});

describe('with Cognito', () => {
  const resources = tier({ kind: 'cognito' });
  const [poolId, pool] = resources.only('AWS::Cognito::UserPool');
  const [clientId, client] = resources.only('AWS::Cognito::UserPoolClient');
  const [secretId = '', secret] =
    resources
      .entries('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties['Name'] === 'sign-in-client-secret-test1') ?? [];

  test('administrators add persons, and each has a second factor and a strong password', () => {
    expect(pool.Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      UsernameAttributes: ['email'],
      Policies: { PasswordPolicy: { MinimumLength: 14, PasswordHistorySize: 4, RequireSymbols: true } },
    });
    expect(pool.Properties).not.toHaveProperty('SmsConfiguration');
  });

  test('compromised passwords and risky sign-ins are blocked', () => {
    const [, { Properties }] = resources.only('AWS::Cognito::UserPoolRiskConfigurationAttachment');
    expect(Properties).toMatchObject({
      UserPoolId: { Ref: poolId },
      ClientId: 'ALL',
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'BLOCK' } },
      AccountTakeoverRiskConfiguration: { Actions: { HighAction: { EventAction: 'BLOCK' } } },
    });
  });

  test('nothing stays after the environment', () => {
    expect(pool).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(pool.Properties['DeletionProtection']).not.toBe('ACTIVE');
    expect(secret).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  test('the console is a confidential client with the code flow only', () => {
    expect(client.Properties).toMatchObject({
      GenerateSecret: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'profile', 'email'],
      CallbackURLs: ['https://pay.example.com/api/v1/session/callback'],
      LogoutURLs: ['https://pay.example.com/sign-in'],
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
  });

  test('the ID token contains the merchant, which persons cannot change', () => {
    expect(pool.Properties['Schema']).toContainEqual(
      expect.objectContaining({ Name: 'merchant_id', AttributeDataType: 'String', Mutable: true }),
    );
    expect(client.Properties['ReadAttributes']).toContain('custom:merchant_id');
    expect(client.Properties['WriteAttributes']).toEqual(['email', 'name']);
  });

  test('there is a group for each role', () => {
    const names = resources.properties('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName);
    expect(names).toEqual(['viewer', 'support', 'administrator']);
  });

  test('the address of the sign-in page contains environment and account', () => {
    const [domainId, domain] = resources.only('AWS::Cognito::UserPoolDomain');
    expect(domain.Properties).toMatchObject({
      Domain: { 'Fn::Join': ['', ['payments-test1-', { Ref: 'AWS::AccountId' }]] },
      ManagedLoginVersion: 2,
    });
    const [, look] = resources.only('AWS::Cognito::ManagedLoginBranding');
    expect(look.Properties).toMatchObject({ ClientId: { Ref: clientId }, UseCognitoProvidedValues: true });
    expect(look.DependsOn).toContain(domainId);
    expect(secret?.DependsOn).toContain(domainId);
  });

  test('the tasks have what they need, and no template contains the client secret', () => {
    expect(secret?.Properties).toMatchObject({ SecretString: { 'Fn::GetAtt': [clientId, 'ClientSecret'] } });
    expect(secret?.Properties).toHaveProperty('KmsKeyId');
    expect(variablesOf(resources)).toEqual({
      OIDC_ISSUER: { 'Fn::GetAtt': [poolId, 'ProviderURL'] },
      OIDC_CLIENT_ID: { Ref: clientId },
      OIDC_CLIENT_SECRET_ARN: { Ref: secretId },
      OIDC_REDIRECT_BASE: 'https://pay.example.com',
      OIDC_ROLE_CLAIM: 'cognito:groups',
      OIDC_MERCHANT_CLAIM: 'custom:merchant_id',
      OIDC_SIGN_OUT_PARAMETER: 'logout_uri',
    });
  });

  test('only the tasks read the client secret, and nothing else refers to its value', () => {
    expect(readersOf(resources, secretId)).toEqual(['api-task-role-test1']);
    const users = Object.entries(resources.all).filter(([, { Properties }]) =>
      JSON.stringify({ Properties }).includes('"ClientSecret"'),
    );
    expect(users.map(([id]) => id)).toEqual([secretId]);
    expect(referenceOf(secret?.Properties['SecretString'])).toBe(clientId);
  });
});

describe('with another provider', () => {
  const provider = { kind: 'provider', issuer: 'https://login.example.com/tenant', clientId: 'console' };

  test('the tasks know it, and its secret is stored by an operator', () => {
    const resources = tier(provider);
    const [secretId = '', secret] =
      resources
        .entries('AWS::SecretsManager::Secret')
        .find(([, { Properties }]) => Properties['Name'] === 'sign-in-client-secret-test1') ?? [];
    expect(secret?.Properties).toHaveProperty('GenerateSecretString');
    expect(readersOf(resources, secretId)).toEqual(['api-task-role-test1']);
    expect(variablesOf(resources)).toEqual({
      OIDC_ISSUER: 'https://login.example.com/tenant',
      OIDC_CLIENT_ID: 'console',
      OIDC_CLIENT_SECRET_ARN: { Ref: secretId },
      OIDC_REDIRECT_BASE: 'https://pay.example.com',
      OIDC_ROLE_CLAIM: 'role',
      OIDC_MERCHANT_CLAIM: 'merchant_id',
      OIDC_SIGN_OUT_PARAMETER: 'post_logout_redirect_uri',
    });
  });

  test('its claims have the names of the profile', () => {
    expect(variablesOf(tier({ ...provider, roleClaim: 'groups', merchantClaim: 'org' }))).toMatchObject({
      OIDC_ROLE_CLAIM: 'groups',
      OIDC_MERCHANT_CLAIM: 'org',
    });
  });
});
