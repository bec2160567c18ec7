import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';

/** Key sizes that API Gateway accepts. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html */
const minRsaBits = 2048;
const minEcdsaBits = 256;

/** The signature algorithms with SHA-256 or stronger, by object identifier (RFC 4055, RFC 5758). */
const supportedSignatures: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.10', // RSASSA-PSS
  '1.2.840.113549.1.1.11', // RSA with SHA-256
  '1.2.840.113549.1.1.12', // RSA with SHA-384
  '1.2.840.113549.1.1.13', // RSA with SHA-512
  '1.2.840.10045.4.3.2', // ECDSA with SHA-256
  '1.2.840.10045.4.3.3', // ECDSA with SHA-384
  '1.2.840.10045.4.3.4', // ECDSA with SHA-512
]);

/** Key sizes of elliptic curves, in bits. */
const curveBits: Readonly<Record<string, number>> = { prime256v1: 256, secp256k1: 256, secp384r1: 384, secp521r1: 521 };

/** One certificate of a truststore. */
export interface TruststoreCertificate {
  /** The distinguished name on one line: `C=DE, O=Bank, CN=Client authority`. */
  readonly subject: string;
  readonly issuer: string;
  /** Length of the subject in a TLS handshake, in bytes. */
  readonly subjectBytes: number;
  /** Reasons why API Gateway or a client would reject the certificate. Each continues a sentence that begins with the subject. */
  readonly faults: readonly string[];
}

/**
 * Parses a certificate in PEM format. Returns `undefined` if it is not an X.509 certificate.
 *
 * @param now the time that validity is checked against
 */
export function readCertificate(pem: string, now: Date): TruststoreCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const { signatureAlgorithm, tbsCertificate } = AsnConvert.parse(certificate.raw, Certificate);
    return {
      subject: oneLine(certificate.subject),
      issuer: oneLine(certificate.issuer),
      subjectBytes: AsnConvert.serialize(tbsCertificate.subject).byteLength,
      faults: [
        ...validityFaults(certificate, now),
        ...keyFaults(certificate),
        ...(supportedSignatures.has(signatureAlgorithm.algorithm)
          ? []
          : ['is not signed with RSA or ECDSA and SHA-256 or stronger. Have it reissued.']),
      ],
    };
  } catch {
    return undefined;
  }
}

function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

function validityFaults(certificate: X509Certificate, now: Date): string[] {
  const until = new Date(certificate.validTo);
  const from = new Date(certificate.validFrom);
  return [
    ...(certificate.ca ? [] : ['is not a certificate authority. Pass the certificate of its issuer.']),
    ...(until <= now ? [`expired on ${day(until)}. Remove it, or pass its successor.`] : []),
    ...(from > now ? [`is not valid before ${day(from)}. Add it after that day.`] : []),
  ];
}

function keyFaults({ publicKey }: X509Certificate): string[] {
  const { modulusLength, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {};
  const { asymmetricKeyType: type = 'unknown' } = publicKey;
  if (type === 'rsa') {
    const bits = modulusLength ?? 0;
    return bits >= minRsaBits
      ? []
      : [`has an RSA key of ${bits} bits. API Gateway needs at least ${minRsaBits}. Have it reissued.`];
  }
  if (type === 'ec') {
    const isLongEnough = (curveBits[namedCurve] ?? 0) >= minEcdsaBits;
    return isLongEnough
      ? []
      : [`has a key on the curve ${namedCurve}. API Gateway needs at least ${minEcdsaBits} bits. Have it reissued.`];
  }
  return [`has a key of type ${type}. API Gateway supports RSA and ECDSA. Have it reissued.`];
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
