import { describe, expect, it } from 'vitest'
import { asked, noSignInFilters } from './api'

describe('what is asked of the sign-in ledger', () => {
  it('is nothing without a filter', () => {
    expect(asked(noSignInFilters(), 480)).toEqual({})
  })
  it('speaks of whole days where the merchant is', () => {
    expect(asked({ ...noSignInFilters(), from: '2026-11-20', to: '2026-11-21' }, 480)).toEqual({
      from: '2026-11-19T16:00:00.000Z', to: '2026-11-21T16:00:00.000Z',
    })
  })
  it('leaves out what the server does not know', () => {
    expect(asked({ ...noSignInFilters(), result: 'nonsense', unusual: 'yes', from: 'soon' }, 480)).toEqual({ unusual: true })
    expect(asked({ ...noSignInFilters(), result: 'locked', method: 'link', address: '192.0.2.1' }, 480)).toEqual({ result: 'locked', method: 'link', address: '192.0.2.1' })
  })
})
