import { truststoreProblems } from '../../lib/config/truststore-problems';
import { certificate, certificates, truststoreFile } from '../support/client-authorities';
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

test.each([
  ['rsa-1024', /\(CN=Client authority\) has an RSA key of 1024 bits; API Gateway needs at least 2048/],
  ['rsa-2048-sha1', /\(CN=Client authority\) is not signed with RSA or ECDSA and SHA-256 or stronger/],
  ['ed25519', /\(CN=Client authority\) has a key of the type ed25519; API Gateway supports RSA and ECDSA/],
] as const)('refuses a key or signature that API Gateway does not support: %s', (key, remedy) => {
  expect(remediesOf(certificate({ key }))).toContainEqual(expect.stringMatching(remedy));
});

test('refuses a bundle whose last certificate is cut off', () => {
  const second = certificate({ commonName: 'Second authority' });
  expect(remediesOf(authority + second.slice(0, second.length / 2))).toEqual([
    expect.stringMatching(/^a certificate is cut off: it begins and has no END line/),
  ]);
});

test('refuses one subject by two issuers, with the names of both', () => {
  const both = certificates(['Root A', 'Root B'].map((issuer) => ({ commonName: 'Intermediate', issuer })));
  expect(remediesOf(both.join(''))).toEqual([
    expect.stringMatching(
      /^\(CN=Intermediate\) is issued by \(CN=Root A\) and by \(CN=Root B\); API Gateway admits one/,
    ),
  ]);
});

test('refuses a chain of more than four authorities, with the subject of its end', () => {
  const chain = certificates(
    Array.from({ length: 5 }, (_, index) => ({
      commonName: `Level ${index}`,
      issuer: `Level ${Math.max(0, index - 1)}`,
    })),
  );
  expect(remediesOf(chain.slice(0, 4).join(''))).toEqual([]);
  expect(remediesOf(chain.join(''))).toEqual([expect.stringMatching(/^\(CN=Level 4\) is the end of a chain of 5/)]);
});

test('refuses so many authorities that their names do not fit into a TLS handshake', () => {
  const named = certificate({ commonName: 'x'.repeat(64) });
  expect(remediesOf(named.repeat(700))).toEqual([]);
  expect(remediesOf(named.repeat(900))).toEqual([
    expect.stringMatching(/^the names of its 900 authorities take \d+ bytes, and a TLS handshake has room for 65535/),
  ]);
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
