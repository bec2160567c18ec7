import { deployArguments } from '../../bin/deploy-arguments';

test('keeps --accept-replacement and --app from the CLI', () => {
  const given = [
    '--accept-replacement',
    'network.cidr',
    '-c',
    'profile=partner',
    '--accept-replacement=naming',
    '-a',
    'cdk.out',
  ];
  expect(deployArguments(given)).toEqual({
    accepted: ['network.cidr', 'naming'],
    app: 'cdk.out',
    context: ['profile=partner'],
    awsProfile: undefined,
    isHelp: false,
    forCli: ['-c', 'profile=partner'],
  });
});

test('passes other arguments on unchanged', () => {
  const given = [
    '--profile',
    'ops',
    '--progress',
    'events',
    '--ci',
    '--context',
    'a=b',
    '--context=c=d',
    '--concurrency=2',
  ];
  expect(deployArguments(given)).toMatchObject({ awsProfile: 'ops', context: ['a=b', 'c=d'], forCli: given });
});

test.each([[['--help']], [['-h']]])('recognizes %j as a request for help', (given) => {
  expect(deployArguments(given)).toMatchObject({ isHelp: true, forCli: given });
});

test.each([[['--accept-replacement']], [['--accept-replacement=']], [['--accept-replacement', '--ci']]])(
  'refuses %j without a setting',
  (given) => {
    expect(() => deployArguments(given)).toThrow('--accept-replacement has no value.');
  },
);
