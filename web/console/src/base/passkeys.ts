// What the browser's passkeys need, between base64url texts and the bytes that WebAuthn speaks of.

export interface Offer { challenge: string; site: string; user_handle: string; user_name: string; algorithms: number[]; known: string[] }
export interface Question { challenge: string; site: string; known: string[] }
export interface Made { user_handle: string; client_data: string; authenticator_data: string }
export interface Proof { credential: string; client_data: string; authenticator_data: string; signature: string; user_handle?: string }

const answerMsMax = 5 * 60_000

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(plain.length)
  for (let i = 0; i < plain.length; i += 1) bytes[i] = plain.charCodeAt(i)
  return bytes
}

export function toText(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

// No browser makes passkeys for an address.
export const isHostName = (host: string): boolean => !/^[\d.]+$/.test(host) && !host.startsWith('[')

export const canPasskeys = (): boolean =>
  typeof globalThis.PublicKeyCredential === 'function' && isHostName(globalThis.location.hostname)

// The person looked away, or has no passkey for this place: an answer, not a fault.
export class NoPasskey extends Error {}

async function asked<T>(work: Promise<T | null>): Promise<T> {
  let got: T | null = null
  try {
    got = await work
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  if (got === null) throw new NoPasskey()
  return got
}

const named = (id: string): PublicKeyCredentialDescriptor => ({ type: 'public-key', id: toBytes(id) })

export async function makePasskey(offer: Offer): Promise<Made> {
  const made = (await asked(navigator.credentials.create({
    publicKey: {
      challenge: toBytes(offer.challenge),
      rp: { id: offer.site, name: 'Hangu' },
      user: { id: toBytes(offer.user_handle), name: offer.user_name, displayName: offer.user_name },
      pubKeyCredParams: offer.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: offer.known.map(named),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
      timeout: answerMsMax,
    },
  }))) as PublicKeyCredential
  const response = made.response as AuthenticatorAttestationResponse
  return { user_handle: offer.user_handle, client_data: toText(response.clientDataJSON), authenticator_data: toText(response.getAuthenticatorData()) }
}

export async function answerWithPasskey(question: Question, verify: 'required' | 'preferred'): Promise<Proof> {
  const given = (await asked(navigator.credentials.get({
    publicKey: {
      challenge: toBytes(question.challenge),
      rpId: question.site,
      allowCredentials: question.known.map(named),
      userVerification: verify,
      timeout: answerMsMax,
    },
  }))) as PublicKeyCredential
  const response = given.response as AuthenticatorAssertionResponse
  const proof: Proof = {
    credential: toText(given.rawId),
    client_data: toText(response.clientDataJSON),
    authenticator_data: toText(response.authenticatorData),
    signature: toText(response.signature),
  }
  return response.userHandle ? { ...proof, user_handle: toText(response.userHandle) } : proof
}
