import { TestStack } from '../support/test-app';

const { runbook } = new TestStack();

test('a description holds the sentences, then the links', () => {
  expect(runbook.describe('api-down', 'The API is down.', 'Look at it.')).toMatch(
    /^The API is down\. Look at it\. Dashboard: https:\S+ Runbook: .*api-down$/,
  );
});

test('a description that CloudWatch would refuse for its length is refused', () => {
  expect(() => runbook.describe('api-down', 'x'.repeat(1024))).toThrow(
    /^The description of api-down has \d{4} characters, and CloudWatch allows 1024\. Shorten it\.$/,
  );
});
