import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { computeTier, ownDomain } from '../../support/compute-tier';
import { overrides } from '../../support/profile-overrides';
import { TemplateResources } from '../../support/template-resources';

const traced = { ...ownDomain, ...overrides({ observability: { tracing: { samplingPercent: 7 } } }) };
const tier = computeTier({ ...traced, imageRepositoryName: undefined, imageTag: undefined });
const resources = new TemplateResources(tier);

interface Container {
  readonly Name: string;
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly [property: string]: unknown;
}

/** The containers of one purpose's task, by name. */
function containers(purpose: 'api' | 'migration', of = resources): ReadonlyMap<string, Container> {
  const family = `${purpose}-task-test1`;
  const task = of.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === family) ?? {};
  return new Map((task['ContainerDefinitions'] as Container[]).map((container) => [container.Name, container]));
}

const variables = (container: Container | undefined) =>
  Object.fromEntries((container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]));

describe('the trace collector', () => {
  const collector = containers('api').get('collector');

  test('is a sidecar of the API task only', () => {
    expect([...containers('api').keys()]).toEqual(['api', 'collector']);
    expect([...containers('migration').keys()]).toEqual(['api']);
  });

  test('is not essential and limited in memory, file system and privileges', () => {
    expect(collector).toMatchObject({
      Essential: false,
      Memory: 128,
      ReadonlyRootFilesystem: true,
      User: '65532:65532',
    });
    expect(collector?.['PortMappings']).toBeUndefined();
    expect(containers('api').get('api')).toMatchObject({ Essential: true });
  });

  test('starts before the API and stops after it', () => {
    expect(containers('api').get('api')?.['DependsOn']).toEqual([{ ContainerName: 'collector', Condition: 'START' }]);
    expect(collector?.['DependsOn']).toBeUndefined();
  });

  test('logs to its own streams in non-blocking mode', () => {
    const { LogConfiguration } = collector as unknown as { LogConfiguration: { Options: Record<string, unknown> } };
    expect(LogConfiguration.Options).toMatchObject({ 'awslogs-stream-prefix': 'collector', mode: 'non-blocking' });
  });

  test('listens only on loopback and indexes the correlation id', () => {
    const configuration = JSON.parse(variables(collector)['AOT_CONFIG_CONTENT'] ?? '') as Record<string, unknown>;
    expect(configuration).toMatchObject({
      extensions: { awsproxy: { endpoint: '127.0.0.1:2000' } },
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:4318' } } } },
      exporters: { awsxray: { indexed_attributes: ['correlationId'] } },
      service: {
        extensions: ['awsproxy'],
        pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] } },
      },
    });
    expect(JSON.stringify(configuration)).not.toContain('0.0.0.0');
    expect(variables(containers('api').get('api'))).toMatchObject({
      TRACING: 'otlp',
      TRACING_SAMPLE_PERCENT: '7',
      TRACING_SAMPLING_PORT: '2000',
    });
  });

  test('may write traces and read sampling rules with the task role', () => {
    const ofXRay = (role: string) =>
      resources.statementsOf(role).filter(({ Action }) => JSON.stringify(Action).includes('xray:'));
    expect(ofXRay('api-task-role-test1')).toEqual([
      {
        Effect: 'Allow',
        Action: [
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
          'xray:PutTelemetryRecords',
          'xray:PutTraceSegments',
        ],
        Resource: '*',
      },
    ]);
    expect(ofXRay('migration-task-role-test1')).toEqual([]);
  });
});

test('is published to the repository of the platform with each version of the API', () => {
  const { directory } = App.of(tier)?.synth() ?? { directory: '' };
  const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Compute.assets.json'), 'utf8')) as {
    dockerImages: Record<string, { displayName: string; source: { platform: string }; destinations: object }>;
  };
  const image = Object.values(dockerImages).find(({ displayName }) => displayName === 'trace collector');
  expect(image?.source.platform).toBe('linux/arm64');
  expect(JSON.stringify(image?.destinations)).toContain('"repositoryName":"api-repository-test1"');
  const imageOf = (imageTag: string) => {
    const other = new TemplateResources(computeTier({ ...traced, imageTag }));
    return JSON.stringify(containers('api', other).get('collector')?.['Image']);
  };
  expect(imageOf('1.0.0')).not.toBe(imageOf('1.0.1'));
});

test('does not exist without tracing', () => {
  const untraced = new TemplateResources(computeTier(ownDomain));
  expect([...containers('api', untraced).keys()]).toEqual(['api']);
  expect(JSON.stringify(untraced.all)).not.toMatch(/TRACING|xray:/);
});
