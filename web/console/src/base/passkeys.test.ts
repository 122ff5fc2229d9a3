import { describe, expect, it } from 'vitest'
import { isHostName, toBytes, toText } from './passkeys'

describe('passkeys', () => {
  it('turns bytes into base64url and back', () => {
    for (const bytes of [[], [0], [255, 254], [251, 239, 190], [1, 2, 3, 4, 5]]) {
      const text = toText(new Uint8Array(bytes).buffer)
      expect(text).toMatch(/^[\w-]*$/)
      expect([...toBytes(text)]).toEqual(bytes)
    }
    expect(toText(new Uint8Array([251, 255, 191]).buffer)).toBe('-_-_')
  })
  it('knows that no passkey is made for an address', () => {
    expect(isHostName('localhost')).toBe(true)
    expect(isHostName('console.shop.example')).toBe(true)
    expect(isHostName('127.0.0.1')).toBe(false)
    expect(isHostName('[::1]')).toBe(false)
  })
})
