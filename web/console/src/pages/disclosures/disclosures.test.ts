import { describe, expect, it } from 'vitest'
import { bodyOf, emptyWish } from './api'

const wish = { ...emptyWish(), requester: ' Police ', legalGround: 'Case 7', reason: 'letter', from: '2026-11-20', to: '2026-11-21' }

describe('a wish for a disclosure', () => {
  it('means whole days in the zone of the merchant', () => {
    const body = bodyOf(wish, 480, new Date('2026-11-25T00:00:00.000Z'))
    expect([body.from, body.to]).toEqual(['2026-11-19T16:00:00.000Z', '2026-11-21T16:00:00.000Z'])
    expect(body.requester).toBe('Police')
    expect('action' in body).toBe(false)
  })
  it('never ends in the future', () => {
    expect(bodyOf(wish, 480, new Date('2026-11-21T08:00:00.000Z')).to).toBe('2026-11-21T08:00:00.000Z')
  })
})
