import type { Assembly, AssemblyResource } from '../assembly';
import { listAt, property, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Estimator, type Load, priceNamed } from './cost-line';
import { gigabyte, monthHours, monthSeconds, paymentsPerTask, perPayment } from './load';

const payments = ({ rate }: Load): number => rate * monthSeconds;

/** Tasks of a service: the minimum of its scalable target, because a template's desired count may be 0. */
function tasksOf(service: AssemblyResource, assembly: Assembly, { rate }: Load) {
  const [target] = assembly.referrersOf(service.key, 'AWS::ApplicationAutoScaling::ScalableTarget');
  const desired = Number(property(service, 'DesiredCount') ?? 1);
  const idle = target ? Number(property(target, 'MinCapacity')) : desired;
  const most = target ? Number(property(target, 'MaxCapacity')) : desired;
  const loaded = Math.max(idle, Math.min(most, Math.ceil(rate / paymentsPerTask)));
  return {
    idle,
    loaded,
    note: target
      ? `MinCapacity ${idle}, MaxCapacity ${most}, ${paymentsPerTask} payments/s a task`
      : `DesiredCount ${desired}`,
  };
}

const service: Estimator = (services, load, assembly) =>
  services.flatMap((each) => {
    const task = assembly.target(property(each, 'TaskDefinition')) ?? taskDefinitionNamed(each, assembly);
    if (!task) return [];
    const { idle, loaded, note } = tasksOf(each, assembly, load);
    const processor = textOf(property(task, 'RuntimePlatform.CpuArchitecture') ?? 'X86_64') === 'ARM64' ? 'arm' : 'x86';
    const cpus = Number(property(task, 'Cpu')) / 1024;
    const gigabytes = Number(property(task, 'Memory')) / 1024;
    const usage = (item: string, unit: string, amount: number) => ({
      item,
      price: priceNamed(`fargate-${processor}-${unit}-hour`),
      idle: idle * amount * monthHours,
      loaded: loaded * amount * monthHours,
      assumption: `${note}; ${amount} ${unit} a task`,
    });
    return [usage('Fargate processors', 'vcpu', cpus), usage('Fargate memory', 'gb', gigabytes)];
  });

/** A service may name its task definition by its family instead of a reference. */
function taskDefinitionNamed(each: AssemblyResource, assembly: Assembly): AssemblyResource | undefined {
  const family = textOf(property(each, 'TaskDefinition') ?? '').replace(/:\d+$/, '');
  return assembly.ofType('AWS::ECS::TaskDefinition').find((task) => textOf(property(task, 'Family') ?? '') === family);
}

const cluster: Estimator = (databases, load) =>
  databases.flatMap(() => [
    {
      item: 'Aurora storage',
      price: 'aurora-storage-gb',
      idle: 1,
      loaded: 1 + (payments(load) * perPayment.databaseBytes) / gigabyte,
      assumption: `1 GB at first, ${perPayment.databaseBytes} bytes a payment, after one month`,
    },
    {
      item: 'Aurora I/O',
      price: 'aurora-io-million',
      idle: 5,
      loaded: 5 + (payments(load) * perPayment.databaseOperations) / 1e6,
      assumption: `${perPayment.databaseOperations} a payment, 5 million a month by checks and statistics`,
    },
  ]);

const instance: Estimator = (instances, load, assembly) => {
  const groups = new Map<string, { price: string; hours: number; idle: number; loaded: number; note: string }>();
  for (const each of instances) {
    const type = textOf(property(each, 'DBInstanceClass'));
    const parent = assembly.target(property(each, 'DBClusterIdentifier'));
    const capacity = parent && property(parent, 'ServerlessV2ScalingConfiguration');
    const [least, most] = ['MinCapacity', 'MaxCapacity'].map((name) => Number(valueAt(capacity, name) ?? 0));
    const isServerless = type === 'db.serverless';
    const suffix = parent ? '-aurora' : property(each, 'MultiAZ') === true ? '-multi-az' : '';
    const price = isServerless ? 'aurora-acu-hour' : `${type}${suffix}-hour`;
    const group = groups.get(price) ?? { price, hours: 0, idle: 0, loaded: 0, note: '' };
    groups.set(price, {
      ...group,
      idle: group.idle + (isServerless ? (least ?? 0) : 1) * monthHours,
      loaded:
        group.loaded + (isServerless ? Math.min(most ?? 0, Math.max(least ?? 0, load.rate / 50)) : 1) * monthHours,
      note: isServerless
        ? `${least ?? 0} to ${most ?? 0} ACU an instance, 1 ACU for 50 payments/s`
        : `${type}${suffix === '-multi-az' ? ' with a standby' : ''}`,
    });
  }
  const running = [...groups.values()].map(({ price, idle, loaded, note }) => ({
    item: 'Database instances',
    price: priceNamed(price),
    idle,
    loaded,
    assumption: `${instances.length} instances, ${note}`,
  }));
  const alone = instances.filter((each) => property(each, 'AllocatedStorage') !== undefined);
  const storage = alone.map((each) => ({
    item: 'Database storage',
    price: priceNamed(property(each, 'MultiAZ') === true ? 'rds-gp3-multi-az-gb' : 'rds-gp3-gb'),
    idle: Number(property(each, 'AllocatedStorage')),
    assumption: 'AllocatedStorage, in both zones if there is a standby',
  }));
  return [...running, ...storage];
};

const gateways: Estimator = (resources, load) => [
  {
    item: 'NAT gateways',
    price: 'nat-hour',
    idle: resources.length * monthHours,
    assumption: `${resources.length} gateways`,
  },
  {
    item: 'Data through NAT',
    price: 'nat-gb',
    idle: 1,
    loaded: 1 + (payments(load) * perPayment.acquirerBytes) / gigabyte,
    assumption: `${perPayment.acquirerBytes} bytes a payment to the acquirer, 1 GB a month besides`,
  },
];

const endpoints: Estimator = (resources, load) => {
  const interfaces = resources.filter((each) => property(each, 'VpcEndpointType') === 'Interface');
  const zones = interfaces.reduce((sum, each) => sum + listAt(each.properties, 'SubnetIds').length, 0);
  return [
    {
      item: 'Interface endpoints',
      price: 'endpoint-hour',
      idle: zones * monthHours,
      assumption: `${interfaces.length} endpoints in ${zones} zones together; gateway endpoints are free`,
    },
    {
      item: 'Data through endpoints',
      price: 'endpoint-gb',
      idle: 2,
      loaded: 2 + (payments(load) * perPayment.endpointBytes) / gigabyte,
      assumption: `${perPayment.endpointBytes} bytes a payment, 2 GB of images and logs a month`,
    },
  ];
};

const balancers: Estimator = (resources, load) => {
  const capacity = Math.max(1, load.rate * perPayment.requests * 0.04);
  return [
    {
      item: 'Load balancers',
      price: 'alb-hour',
      idle: resources.length * monthHours,
      assumption: `${resources.length} load balancers`,
    },
    {
      item: 'Load balancer capacity',
      price: 'alb-lcu-hour',
      idle: monthHours,
      loaded: capacity * monthHours,
      assumption: 'at least one LCU; 25 new connections a second are one',
    },
  ];
};

/** Addresses of load balancers count, too: one in each zone of an internet-facing one. */
const publicAddresses = (count: number, assumption: string) =>
  ({ item: 'Public addresses', price: 'public-ipv4-hour', idle: count * monthHours, assumption }) as const;

const addresses: Estimator = (resources) => [
  publicAddresses(resources.length, `${resources.length} elastic addresses`),
];

const balancersAndAddresses: Estimator = (resources, load, assembly) => {
  const open = resources.filter((each) => property(each, 'Scheme') === 'internet-facing');
  const zones = open.reduce((sum, each) => sum + listAt(each.properties, 'Subnets').length, 0);
  // CloudFront and API Gateway send the responses themselves, and their lines have the data.
  const isEntrance =
    open.length > 0 && assembly.ofType('AWS::CloudFront::Distribution', 'AWS::ApiGateway::RestApi').length === 0;
  const sent = (payments(load) * perPayment.responseBytes) / gigabyte;
  const data = {
    item: 'Data to the internet',
    price: 'internet-gb',
    idle: 0,
    loaded: sent,
    assumption: `${perPayment.responseBytes} bytes a payment`,
  } as const;
  return [
    ...balancers(resources, load, assembly),
    ...(isEntrance ? [data] : []),
    ...(zones === 0 ? [] : [publicAddresses(zones, `${zones} of internet-facing load balancers`)]),
  ];
};

const servers: Estimator = (resources) => {
  const types = resources.map((each) => textOf(property(each, 'InstanceType')));
  const volumes = resources.flatMap((each) => listAt(each.properties, 'BlockDeviceMappings'));
  const gigabytes = volumes.reduce<number>((sum, volume) => sum + Number(valueAt(volume, 'Ebs.VolumeSize') ?? 8), 0);
  const open = resources.filter((each) => JSON.stringify(each.properties).includes('"AssociatePublicIpAddress":true'));
  return [
    ...[...new Set(types)].map((type) => ({
      item: 'EC2 instances',
      price: priceNamed(`${type}-hour`),
      idle: types.filter((each) => each === type).length * monthHours,
      assumption: `${type}, without surplus CPU credits`,
    })),
    { item: 'Volumes of instances', price: 'ebs-gp3-gb', idle: gigabytes, assumption: `${volumes.length} volumes` },
    ...(open.length === 0 ? [] : [publicAddresses(open.length, `${open.length} of EC2 instances`)]),
  ];
};

/** Estimators of what runs all the time. */
export const runningEstimators: Readonly<Record<string, Estimator>> = {
  'AWS::EC2::EIP': addresses,
  'AWS::EC2::Instance': servers,
  'AWS::EC2::NatGateway': gateways,
  'AWS::EC2::VPCEndpoint': endpoints,
  'AWS::ECS::Service': service,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': balancersAndAddresses,
  'AWS::RDS::DBCluster': cluster,
  'AWS::RDS::DBInstance': instance,
};
