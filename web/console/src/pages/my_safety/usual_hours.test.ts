import { describe, expect, it } from 'vitest'
import { usualHours } from './usual_hours'

const hour = (value: string, usual = true) => ({ trait: 'hour' as const, value, usual })

describe('usual hours', () => {
  it('join neighbours over all days', () => {
    expect(usualHours([hour('1-08'), hour('2-09'), hour('3-10'), hour('1-17')])).toBe('08–10, 17')
    expect(usualHours([hour('7-23'), hour('7-00')])).toBe('00, 23')
  })
  it('leave out what is not usual, and what is no hour', () => {
    expect(usualHours([hour('1-08', false), { trait: 'network', value: '192.0.2.0/24', usual: true }])).toBe('')
    expect(usualHours([])).toBe('')
  })
})
