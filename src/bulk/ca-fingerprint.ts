import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

/** More links than any real chain has. */
const maxLinks = 20

/**
 * Whether the peer's chain ends in the authority with this SHA-256 fingerprint (hex, colons and case do not matter).
 * Each link's signature is verified here: without `rejectUnauthorized` Node links certificates by their names alone,
 * and anybody can copy a name. A resumed TLS session shows no certificate and is refused.
 */
export function isSignedBy(socket: TLSSocket, fingerprint: string): boolean {
  let certificate: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  for (let link = 0; link < maxLinks && certificate?.raw !== undefined; link++) {
    const issuer: DetailedPeerCertificate | undefined = certificate.issuerCertificate
    if (issuer?.raw === undefined) return false
    const issuerKey = new X509Certificate(issuer.raw).publicKey
    if (!new X509Certificate(certificate.raw).verify(issuerKey)) return false
    if (issuer.fingerprint256 === certificate.fingerprint256) {
      return plain(certificate.fingerprint256) === plain(fingerprint)
    }
    certificate = issuer
  }
  return false
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}
