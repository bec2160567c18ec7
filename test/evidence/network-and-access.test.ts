import { accessOf } from '../../lib/evidence/access/access';
import type { Assembly } from '../../lib/evidence/assembly';
import { evidenceOf } from '../../lib/evidence/evidence';
import { reachabilityOf } from '../../lib/evidence/reachability/reachability';
import { readAssembly } from '../../lib/evidence/read-assembly';
import { evidencePage } from '../../lib/evidence/report/page';
import { serviceAccessOf } from '../../lib/evidence/service-access';
import { faultyFolder } from '../support/evidence/faulty';
import { assemblyWith, type Resources, threeTiers } from '../support/evidence/hand-made-network';
import { allow, role } from '../support/evidence/hand-made-role';
import { testAssembly } from '../support/evidence/test-assembly';
import { builtProfiles } from '../support/profile-contexts';

const waysOf = (assembly: Assembly) => serviceAccessOf(assembly, reachabilityOf(assembly), accessOf(assembly));
const faulty = evidenceOf(readAssembly(faultyFolder), { acceptedFindings: [], rate: 1 });

test('shows the faults of a network and of its access', () => {
  expect(faulty.network.connections).toContainEqual(
    expect.objectContaining({ from: 'internet', to: 'Shop/Database', ports: 'tcp 5432' }),
  );
  expect(faulty.access.escalations.map(({ method }) => method)).toContain('iam-005');
  const page = evidencePage(faulty, '');
  expect(page).toContain('Connections to the database');
  expect(page).toContain('Roles that can gain the permissions of another');
});

test('says what is complete, and that nobody may', () => {
  const { network, access } = faulty;
  const page = evidencePage(
    {
      ...faulty,
      network: { nodes: [], connections: [], problems: ['Stack/Peering is not modelled.'] },
      access: { ...access, escalations: [], problems: [] },
    },
    '',
  );
  expect(network.problems).toEqual([]);
  expect(page).toContain('Stack/Peering is not modelled.');
  expect(page).toContain('Connections to the database: none.');
  expect(page).toContain('No role can gain the permissions of another.');
});

describe.each(builtProfiles)('%s', (profile) => {
  test('reaches no service of AWS through the internet', () => {
    const ways = waysOf(testAssembly(profile));
    expect(ways.filter(({ path }) => path === 'internet')).toEqual([]);
    const ofApi = ways.filter(({ host }) => host.startsWith('Compute/ApiService')).map(({ service }) => service);
    expect(ofApi).toEqual(expect.arrayContaining(['ecr.api', 'ecr.dkr', 'logs', 's3']));
  });
});

describe('a function with a queue', () => {
  const endpoint = (properties: Record<string, unknown>): Resources => ({
    Sqs: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.eu-south-2.sqs',
        SubnetIds: [{ Ref: 'PrivateSubnet' }],
        SecurityGroupIds: [{ Ref: 'AlbGroup' }],
        ...properties,
      },
    },
  });
  const sweeper = (group: string): Resources => ({
    ...role('Role', 'lambda.amazonaws.com', [
      allow(['sqs:SendMessage', 'logs:PutLogEvents', 'iam:PassRole']),
      allow(['kms:Decrypt'], { Condition: { StringEquals: { 'kms:ViaService': 'sqs.eu-south-2.amazonaws.com' } } }),
    ]),
    Sweeper: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        VpcConfig: { SubnetIds: [{ Ref: 'PrivateSubnet' }], SecurityGroupIds: [{ Ref: group }] },
      },
    },
  });

  test.each<[string, Resources, string]>([
    ['an endpoint', { ...sweeper('TasksGroup'), ...endpoint({ PrivateDnsEnabled: true }) }, 'interface endpoint'],
    ['an endpoint whose name clients do not use', { ...sweeper('TasksGroup'), ...endpoint({}) }, 'internet'],
    ['no endpoint', sweeper('TasksGroup'), 'internet'],
    ['no way out', sweeper('DatabaseGroup'), 'none'],
  ])('with %s', (_name, added, path) => {
    expect(waysOf(assemblyWith({ ...threeTiers(), ...added }))).toEqual([
      { host: 'Stack/Sweeper', service: 'sqs', path },
    ]);
  });
});
