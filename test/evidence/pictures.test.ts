import { readFileSync } from 'node:fs';
import { Assembly } from '../../lib/evidence/assembly';
import { dotOf } from '../../lib/evidence/picture/dot';
import type { Graph } from '../../lib/evidence/picture/graph';
import { architectureOf, digestOf } from '../../lib/evidence/picture/picture';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { faultyFolder } from '../support/evidence/faulty';
import { mutated } from '../support/evidence/mutations';
import { pictureFile, pictureTitle } from '../support/evidence/pictures';
import { testAssembly, testSources } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

test.each(builtProfiles)('the picture of %s is not older than the code (npm run pictures)', (profile) => {
  const picture = readFileSync(pictureFile(profile), 'utf8');
  expect(picture.split('\n')[0]).toBe(`<!-- ${digestOf(architectureOf(testAssembly(profile)))} -->`);
  expect(picture).toContain(`role="img" aria-label="${pictureTitle(profile)}"`);
});

const arrows = ({ shapes, arrows: all }: Graph) => {
  const label = (id: string) =>
    shapes
      .find((shape) => shape.id === id)
      ?.label.slice(0, 2)
      .join(' ');
  return all.map(({ from, to, ports }) => `${label(from) ?? ''} -> ${label(to) ?? ''}: ${ports}`);
};

test('draws flagship with CloudFront as its only entrance', () => {
  const graph = architectureOf(testAssembly('flagship'));
  expect(arrows(graph).filter((arrow) => arrow.startsWith('internet'))).toEqual([
    'internet -> distribution ConsoleSiteDistribution: tcp 80, 443',
  ]);
  expect(arrows(graph)).toEqual(
    expect.arrayContaining([
      'distribution ConsoleSiteDistribution -> load balancer LoadBalancerAlb: tcp 80',
      'load balancer LoadBalancerAlb -> service ApiService: tcp 3000',
      'service ApiService -> 3 NAT gateways: tcp 443',
      '3 NAT gateways -> internet: tcp 443',
      'service ApiService -> database DatabaseCluster: tcp 5432',
    ]),
  );
  expect(graph.shapes.find(({ tier }) => tier === 'edge')?.label).toContain('behind a web ACL');
});

test('a distribution without a web ACL is drawn without one', () => {
  const edit = (properties: Record<string, unknown>) => {
    delete (properties['DistributionConfig'] as Record<string, unknown>)['WebACLId'];
  };
  const changed = mutated(testSources('flagship'), {
    type: 'AWS::CloudFront::Distribution',
    edit,
    change: 'no web ACL',
  });
  const { shapes } = architectureOf(new Assembly(changed));
  expect(shapes.find(({ tier }) => tier === 'edge')?.label).not.toContain('behind a web ACL');
});

test('draws functions with the same connections as one shape', () => {
  const { shapes } = architectureOf(testAssembly('metered'));
  const functions = shapes.filter(({ label }) => label[0] === 'functions');
  expect(functions.length).toBeLessThan(4);
  expect(functions.flatMap(({ label }) => label.slice(1)).length).toBeGreaterThan(8);
});

test('draws an assembly whose database the internet reaches', () => {
  expect(arrows(architectureOf(readAssembly(faultyFolder)))).toContain('internet -> database Database: tcp 5432');
});

test('writes each tier as a box and escapes names', () => {
  const shapes = [
    { id: 'internet', tier: 'internet', label: ['internet'] },
    { id: 'a', tier: 'private', label: ['service', 'the "API"'] },
  ] as const;
  const dot = dotOf({ region: 'eu-south-2', shapes, arrows: [{ from: 'a', to: 'internet', ports: 'tcp 443' }] });
  expect(dot).toContain('label="VPC in eu-south-2"');
  expect(dot).toContain('label="Private subnets"');
  expect(dot).not.toContain('Isolated subnets');
  expect(dot).toContain(String.raw`"a" [label="service\nthe \"API\""];`);
  expect(dot).toContain('"a" -> "internet" [label="tcp 443", constraint=false];');
});
