import type { TruststoreCertificate } from './truststore-certificate';

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html */
const maxChainLength = 4;
/** A TLS server lists all subjects in at most 2^16 - 1 bytes, each with a length prefix of two bytes (RFC 5246, section 7.4.4). */
const maxNamesBytes = 65_535;
const lengthBytes = 2;

/** Problems between the certificates of a truststore: conflicting subjects, long chains, too many names. */
export function bundleFaults(certificates: readonly TruststoreCertificate[]): string[] {
  return [...conflictingSubjects(certificates), ...longChains(certificates), ...longNames(certificates)];
}

/** @see https://repost.aws/knowledge-center/api-gateway-mtls-certificate-subject */
function conflictingSubjects(certificates: readonly TruststoreCertificate[]): string[] {
  const issuersOf = new Map<string, Set<string>>();
  for (const { subject, issuer } of certificates) {
    issuersOf.set(subject, (issuersOf.get(subject) ?? new Set()).add(issuer));
  }
  return [...issuersOf]
    .filter(([, issuers]) => issuers.size > 1)
    .map(
      ([subject, issuers]) =>
        `The subject (${subject}) is issued by ${[...issuers].map((issuer) => `(${issuer})`).join(' and by ')}. API Gateway accepts one issuer per subject. Keep one.`,
    );
}

function longChains(certificates: readonly TruststoreCertificate[]): string[] {
  const issuerOf = new Map(certificates.map(({ subject, issuer }) => [subject, issuer]));
  const chainLength = (subject: string, seen: ReadonlySet<string> = new Set()): number => {
    const issuer = issuerOf.get(subject);
    if (issuer === undefined || seen.has(subject)) return 0;
    return 1 + chainLength(issuer, new Set([...seen, subject]));
  };
  return [...issuerOf.keys()]
    .map((subject) => ({ subject, length: chainLength(subject) }))
    .filter(({ length }) => length > maxChainLength)
    .map(
      ({ subject, length }) =>
        `The subject (${subject}) ends a chain of ${length} certificate authorities. API Gateway accepts at most ${maxChainLength}. Pass shorter chains.`,
    );
}

function longNames(certificates: readonly TruststoreCertificate[]): string[] {
  const bytes = certificates.reduce((sum, { subjectBytes }) => sum + subjectBytes + lengthBytes, 0);
  const [longest] = [...certificates].sort((a, b) => b.subjectBytes - a.subjectBytes);
  if (bytes <= maxNamesBytes || !longest) return [];
  return [
    `The subjects of its ${certificates.length} certificate authorities take ${bytes} bytes, and a TLS handshake allows ${maxNamesBytes}. Pass fewer certificates, or ones with shorter subjects. The longest is (${longest.subject}).`,
  ];
}
