/** Passkeys: between the JSON of the server and `navigator.credentials`, which speaks bytes. */

type Options = Record<string, unknown>

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

// A passkey belongs to a name; browsers refuse it to an address of numbers.
const isNumbers = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':')

/** Whether this browser, at this address, can have passkeys at all. */
export const passkeysWork = (): boolean =>
  window.isSecureContext && 'PublicKeyCredential' in window && !isNumbers(window.location.hostname)

/** What went on in the browser: `null` where the person closed its dialog. */
type Answer = Record<string, unknown> | null

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    return (await ask()) as PublicKeyCredential | null
  } catch (thrown) {
    if (thrown instanceof DOMException && (thrown.name === 'NotAllowedError' || thrown.name === 'AbortError'))
      return null
    throw thrown
  }
}

const answerOf = (made: PublicKeyCredential, response: Record<string, unknown>): Record<string, unknown> => ({
  id: made.id,
  rawId: text(made.rawId),
  type: made.type,
  response,
  clientExtensionResults: made.getClientExtensionResults(),
})

/** Has the browser make a passkey. */
export async function makePasskey(options: Options): Promise<Answer> {
  const user = options.user as { id: string; name: string; displayName: string }
  const excluded = (options.excludeCredentials as { id: string; type: 'public-key' }[] | undefined) ?? []
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: excluded.map((one) => ({ ...one, id: bytes(one.id) })),
  } as unknown as PublicKeyCredentialCreationOptions
  const made = await asked(() => navigator.credentials.create({ publicKey }))
  if (!made) return null
  const response = made.response as AuthenticatorAttestationResponse
  return answerOf(made, {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports(),
  })
}

/** Has the browser sign with a passkey. */
export async function askPasskey(options: Options): Promise<Answer> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    allowCredentials: [],
  } as unknown as PublicKeyCredentialRequestOptions
  const made = await asked(() => navigator.credentials.get({ publicKey }))
  if (!made) return null
  const response = made.response as AuthenticatorAssertionResponse
  return answerOf(made, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle && text(response.userHandle),
  })
}
