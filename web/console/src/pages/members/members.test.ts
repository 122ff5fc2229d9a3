import { describe, expect, it } from 'vitest'
import { isPhone, plainPhone } from './api'

describe('member search', () => {
  it('takes a whole number as a phone, anything else as name or code', () => {
    expect(isPhone('13812345678')).toBe(true)
    expect(isPhone('+86 138-1234-5678')).toBe(true)
    expect(isPhone('138')).toBe(false)
    expect(isPhone('M000138')).toBe(false)
    expect(plainPhone(' 138 1234-5678 ')).toBe('13812345678')
  })
})
