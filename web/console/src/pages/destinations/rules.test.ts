import { describe, expect, it } from 'vitest'
import { patternsOf, waitingIn } from './rules'

describe('a destination', () => {
  it('offers everything, all of a noun, and each event', () => {
    expect(patternsOf(['order.placed', 'order.paid', 'approval.opened'])).toEqual(['*', 'order.*', 'approval.*', 'order.placed', 'order.paid', 'approval.opened'])
    expect(patternsOf([])).toEqual(['*'])
  })
  it('counts what has not arrived, but not what is dead', () => {
    expect(waitingIn({ behind: 3, waiting: 2, held: 1 })).toBe(6)
  })
})
