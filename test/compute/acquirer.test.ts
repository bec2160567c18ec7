import { computeTier } from '../support/compute-tier';
import { overrides } from '../support/profile-overrides';
import { profileContexts } from '../support/profile-contexts';
import { TemplateResources } from '../support/template-resources';

const tier = (acquirer: Readonly<Record<string, unknown>>, context: Readonly<Record<string, string>> = {}) =>
  new TemplateResources(computeTier({ ...context, ...overrides({ acquirer }) }));

/** The environment variables of the API container. */
function variablesOf(resources: TemplateResources): Record<string, unknown> {
  const containers = resources
    .properties('AWS::ECS::TaskDefinition')
    .flatMap(
      ({ ContainerDefinitions }) => ContainerDefinitions as { Environment?: { Name: string; Value: unknown }[] }[],
    );
  const api = containers.find(({ Environment = [] }) => Environment.some(({ Name }) => Name === 'PORT'));
  return Object.fromEntries((api?.Environment ?? []).map(({ Name, Value }) => [Name, Value]));
}

const secretsOf = (resources: TemplateResources) =>
  resources.properties('AWS::SecretsManager::Secret').map(({ Name }) => Name);

test('is the simulator by default', () => {
  const resources = tier({ kind: 'simulator' });
  expect(Object.keys(variablesOf(resources)).filter((name) => /ACQUIRER|STRIPE/.test(name))).toEqual([]);
  expect(secretsOf(resources)).not.toContain('stripe-key-secret-test1');
});

test('is one over HTTPS at its address', () => {
  const resources = tier({ kind: 'http', url: 'https://bank.example.com/v2' });
  expect(variablesOf(resources)).toMatchObject({ ACQUIRER_URL: 'https://bank.example.com/v2' });
});

test.each([
  [{ kind: 'simulator' }, '7'],
  [{ kind: 'http', url: 'https://bank.example.com/v2', authorizationDays: 30 }, '30'],
  [{ kind: 'stripe', authorizationDays: 5 }, '5'],
])('keeps the authorizations of %j for %s days', (acquirer, days) => {
  expect(variablesOf(tier(acquirer))).toMatchObject({ AUTHORIZATION_DAYS: days });
});

test('refuses more days than the API accepts', () => {
  expect(() => tier({ kind: 'stripe', authorizationDays: 31 })).toThrow(/acquirer\.authorizationDays.*31/s);
});

describe('Stripe', () => {
  const resources = tier({ kind: 'stripe' });
  const [secretId = ''] =
    resources
      .entries('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties['Name'] === 'stripe-key-secret-test1') ?? [];

  test('has its key in a secret, encrypted by the key of secrets', () => {
    const [, { Properties } = { Properties: {} }] =
      resources.entries('AWS::SecretsManager::Secret').find(([id]) => id === secretId) ?? [];
    expect(Properties).toHaveProperty('KmsKeyId');
    expect(variablesOf(resources)).toMatchObject({ STRIPE_KEY_SECRET_ARN: { Ref: secretId } });
  });

  test('has a key that only the tasks read', () => {
    const readers = resources
      .properties('AWS::IAM::Role')
      .map(({ RoleName }) => String(RoleName))
      .filter((name) =>
        resources.statementsOf(name).some(({ Resource }) => JSON.stringify(Resource ?? '').includes(`"${secretId}"`)),
      );
    expect(readers).toEqual([expect.stringContaining('task-role')]);
  });
});

test('Stripe is asked by the consumer of queued payments, too', () => {
  const resources = tier({ kind: 'stripe' }, profileContexts['partner']);
  const consumers = resources
    .properties('AWS::Lambda::Function')
    .filter(({ Environment }) => JSON.stringify(Environment ?? '').includes('DEAD_LETTER_QUEUE_URL'));
  expect(consumers).toHaveLength(1);
  expect(JSON.stringify(consumers)).toContain('STRIPE_KEY_SECRET_ARN');
});
