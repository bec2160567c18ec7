import { references } from '../support/dependency-graph';
import { overrides } from '../support/profile-overrides';
import { type TestPlatform, testPlatform } from '../support/test-platform';

describe('a generation of the origin secret', () => {
  const generations = [1, 2, 3].map((originSecretGeneration) => testPlatform(overrides({ originSecretGeneration })));
  const idsOf = ({ templates: { compute } }: TestPlatform) =>
    Object.fromEntries(
      compute
        .entries('AWS::SecretsManager::Secret')
        .map(([id, { Properties }]) => [String(Properties['Name']), id])
        .filter(([name]) => name?.startsWith('origin')),
    ) as Record<string, string>;

  test('keeps only the previous one', () => {
    expect(generations.map((platform) => Object.keys(idsOf(platform)))).toEqual([
      ['origin-secret-test1'],
      ['origin2-secret-test1', 'origin-secret-test1'],
      ['origin3-secret-test1', 'origin2-secret-test1'],
    ]);
  });

  test('is not renamed or replaced by the next one', () => {
    const [first = {}, second = {}, third = {}] = generations.map(idsOf);
    expect(second['origin-secret-test1']).toBe(first['origin-secret-test1']);
    expect(third['origin2-secret-test1']).toBe(second['origin2-secret-test1']);
  });

  test('is accepted by the listener together with the previous one, while CloudFront sends the newest', () => {
    for (const platform of generations) {
      const { compute, edge } = platform.templates;
      const [names, ids] = [Object.keys(idsOf(platform)), Object.values(idsOf(platform))];
      const [, { Properties: rule }] = compute.only('AWS::ElasticLoadBalancingV2::ListenerRule');
      expect(references(rule['Conditions'])).toEqual(ids);
      const [, { Properties: value }] = edge.only('Custom::OriginSecretValue');
      expect(JSON.stringify(value['SecretArn'])).toContain(`:secret:${names[0] ?? ''}`);
    }
  });
});
