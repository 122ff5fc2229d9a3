import { describe, expect, it } from 'vitest'
import { matches } from './palette_match'

describe('palette', () => {
  it('finds letters in order', () => {
    expect(matches('', 'Orders')).toBe(true)
    expect(matches('ord', 'Orders')).toBe(true)
    expect(matches('OS', 'Orders')).toBe(true)
    expect(matches('sr', 'Orders')).toBe(false)
    expect(matches('\u8ba2', '\u8ba2\u5355 orders')).toBe(true)
  })
})
