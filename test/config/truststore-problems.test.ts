import { truststoreProblems } from '../../lib/config/truststore-problems';
import { certificate, truststoreFile } from '../support/client-authorities';
import { ConfigurationError } from '../../lib/config/configuration-error';
import { testSettings } from '../support/test-app';

const now = new Date();
const authority = certificate();
const remediesOf = (content: string) => {
  const path = truststoreFile(content);
  const found = truststoreProblems(path, now);
  for (const { field, value } of found) expect([field, value]).toEqual(['truststorePath', path]);
  return found.map(({ remedy }) => remedy);
};

test('a bundle of authorities is accepted, with whatever text stands between them', () => {
  expect(remediesOf(`# partners\n${authority}\n# banks\n${certificate({ commonName: 'Bank authority' })}`)).toEqual([]);
});

test.each([
  ['no certificate', 'hello', /holds no certificate/],
  ['a private key', `${authority}-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n`, /private key/],
  ['a newer form of private key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /private key/],
  [
    'what is no certificate within',
    `${authority}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    /^certificate 2 of 2 cannot be read as X\.509/,
  ],
  [
    'a certificate that may not issue any',
    certificate({ commonName: 'A client', isAuthority: false }),
    /^certificate 1 of 1 \(CN=A client\) is no certificate authority; pass the one that issued it/,
  ],
  [
    'one that has expired',
    certificate({ from: '2020-01-01T00:00:00Z', until: '2021-02-03T00:00:00Z' }),
    /\(CN=Client authority\) expired on 2021-02-03; leave it out/,
  ],
  [
    'one that is not valid yet',
    certificate({ from: '2090-01-02T00:00:00Z', until: '2091-01-01T00:00:00Z' }),
    /is not valid before 2090-01-02/,
  ],
  ['more than API Gateway takes', authority.repeat(1001), /at most 1000 certificates/],
])('%s is refused', (_, content, remedy) => {
  expect(remediesOf(content)).toEqual([expect.stringMatching(remedy)]);
});

test('every certificate is looked at, and each of its faults told', () => {
  const client = certificate({ isAuthority: false, from: '2020-01-01T00:00:00Z', until: '2021-01-01T00:00:00Z' });
  expect(remediesOf(client + authority + client)).toEqual([
    expect.stringMatching(/^certificate 1 of 3 .* is no/),
    expect.stringMatching(/^certificate 1 of 3 .* expired/),
    expect.stringMatching(/^certificate 3 of 3 .* is no/),
    expect.stringMatching(/^certificate 3 of 3 .* expired/),
  ]);
});

test('a file that does not exist is named, and the profile that needs one asks for it', () => {
  expect(truststoreProblems('/nowhere/ca.pem', now)).toEqual([
    { field: 'truststorePath', value: '/nowhere/ca.pem', remedy: expect.stringContaining('ENOENT') as string },
  ]);
  const context = { profile: 'partner', domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABC' };
  const refused = (extra: object) => () => testSettings({ ...context, ...extra });
  expect(refused({})).toThrow(/truststorePath is missing: profile partner authenticates clients by certificate/);
  expect(refused({ truststorePath: '/nowhere/ca.pem' })).toThrow(ConfigurationError);
  expect(refused({ truststorePath: truststoreFile(authority) })).not.toThrow();
});
