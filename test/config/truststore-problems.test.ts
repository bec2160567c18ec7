import { truststoreProblems } from '../../lib/config/truststore-problems';
import { certificate, certificates, truststoreFile } from '../support/client-authorities';
import { ConfigurationError } from '../../lib/config/configuration-error';
import { testSettings } from '../support/test-app';

const now = new Date();
const authority = certificate();
const messagesOf = (content: string) => {
  const path = truststoreFile(content);
  const found = truststoreProblems(path, now);
  for (const { field, value } of found) expect([field, value]).toEqual(['truststorePath', path]);
  return found.map(({ message }) => message);
};

test('accepts certificate authorities with text between them', () => {
  expect(messagesOf(`# partners\n${authority}\n# banks\n${certificate({ commonName: 'Bank authority' })}`)).toEqual([]);
});

test.each([
  ['no certificate', 'hello', /contains no certificate/],
  ['a private key', `${authority}-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n`, /private key/],
  ['a newer form of private key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', /private key/],
  [
    'what is no certificate within',
    `${authority}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    /^Certificate 2 of 2 is not a valid X\.509 certificate/,
  ],
  [
    'a certificate that may not issue any',
    certificate({ commonName: 'A client', isAuthority: false }),
    /^Certificate 1 of 1 \(CN=A client\) is not a certificate authority\. Pass the certificate of its issuer\.$/,
  ],
  [
    'one that has expired',
    certificate({ from: '2020-01-01T00:00:00Z', until: '2021-02-03T00:00:00Z' }),
    /\(CN=Client authority\) expired on 2021-02-03\. Remove it/,
  ],
  [
    'one that is not valid yet',
    certificate({ from: '2090-01-02T00:00:00Z', until: '2091-01-01T00:00:00Z' }),
    /is not valid before 2090-01-02/,
  ],
  ['more than API Gateway takes', authority.repeat(1001), /at most 1000 certificates/],
])('%s is refused', (_, content, message) => {
  expect(messagesOf(content)).toEqual([expect.stringMatching(message)]);
});

test.each([
  ['rsa-1024', /\(CN=Client authority\) has an RSA key of 1024 bits\. API Gateway needs at least 2048/],
  ['rsa-2048-sha1', /\(CN=Client authority\) is not signed with RSA or ECDSA and SHA-256 or stronger/],
  ['ed25519', /\(CN=Client authority\) has a key of type ed25519\. API Gateway supports RSA and ECDSA/],
] as const)('refuses a key or signature that API Gateway does not support: %s', (key, message) => {
  expect(messagesOf(certificate({ key }))).toContainEqual(expect.stringMatching(message));
});

test('refuses a truncated bundle', () => {
  const second = certificate({ commonName: 'Second authority' });
  expect(messagesOf(authority + second.slice(0, second.length / 2))).toEqual([
    expect.stringMatching(/^The file is truncated: a certificate has no END line/),
  ]);
});

test('refuses two issuers of one subject, with both names', () => {
  const both = certificates(['Root A', 'Root B'].map((issuer) => ({ commonName: 'Intermediate', issuer })));
  expect(messagesOf(both.join(''))).toEqual([
    expect.stringMatching(
      /^The subject \(CN=Intermediate\) is issued by \(CN=Root A\) and by \(CN=Root B\)\. API Gateway accepts one/,
    ),
  ]);
});

test('refuses a chain of more than four certificate authorities, with its last subject', () => {
  const chain = certificates(
    Array.from({ length: 5 }, (_, index) => ({
      commonName: `Level ${index}`,
      issuer: `Level ${Math.max(0, index - 1)}`,
    })),
  );
  expect(messagesOf(chain.slice(0, 4).join(''))).toEqual([]);
  expect(messagesOf(chain.join(''))).toEqual([expect.stringMatching(/^The subject \(CN=Level 4\) ends a chain of 5/)]);
});

test('refuses subjects that do not fit into a TLS handshake', () => {
  const named = certificate({ commonName: 'x'.repeat(64) });
  expect(messagesOf(named.repeat(700))).toEqual([]);
  expect(messagesOf(named.repeat(900))).toEqual([
    expect.stringMatching(
      /^The subjects of its 900 certificate authorities take \d+ bytes, and a TLS handshake allows 65535/,
    ),
  ]);
});

test('reports every problem of every certificate', () => {
  const client = certificate({ isAuthority: false, from: '2020-01-01T00:00:00Z', until: '2021-01-01T00:00:00Z' });
  expect(messagesOf(client + authority + client)).toEqual([
    expect.stringMatching(/^Certificate 1 of 3 .* is not a/),
    expect.stringMatching(/^Certificate 1 of 3 .* expired/),
    expect.stringMatching(/^Certificate 3 of 3 .* is not a/),
    expect.stringMatching(/^Certificate 3 of 3 .* expired/),
  ]);
});

test('names a missing file, and requires one for mutual TLS', () => {
  expect(truststoreProblems('/nowhere/ca.pem', now)).toEqual([
    { field: 'truststorePath', value: '/nowhere/ca.pem', message: expect.stringContaining('ENOENT') as string },
  ]);
  const context = { profile: 'partner', domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABC' };
  const refused = (extra: object) => () => testSettings({ ...context, ...extra });
  expect(refused({})).toThrow(/truststorePath is missing\. The profile partner authenticates clients by certificate/);
  expect(refused({ truststorePath: '/nowhere/ca.pem' })).toThrow(ConfigurationError);
  expect(refused({ truststorePath: truststoreFile(authority) })).not.toThrow();
});
