import { Stack } from 'aws-cdk-lib';
import { vpcConfigOf } from '../../lib/network/network-resources';
import { testApp } from '../support/test-app';
import { fakeNetwork } from '../support/fake-tiers';

test('a function has no place in a network without a security group for it', () => {
  const network = fakeNetwork(new Stack(testApp(), 'Test'));
  expect(() => vpcConfigOf(network, 'aws-api')).toThrow('The network has no security group for the function aws-api.');
});
