// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'
import { isTyping, KeySequence } from './keyboard'

describe('keyboard', () => {
  it('completes G then O', () => {
    const keys = new KeySequence()
    expect(keys.press('g', 0)).toBeNull()
    expect(keys.press('o', 500)).toBe('g o')
    expect(keys.press('o', 600)).toBe('o')
  })
  it('forgets the G after a pause', () => {
    const keys = new KeySequence()
    expect(keys.press('G', 0)).toBeNull()
    expect(keys.press('o', 5000)).toBe('o')
  })
  it('leaves keys in fields alone', () => {
    expect(isTyping(document.createElement('input'))).toBe(true)
    expect(isTyping(document.createElement('textarea'))).toBe(true)
    expect(isTyping(document.createElement('div'))).toBe(false)
    expect(isTyping(null)).toBe(false)
  })
})
