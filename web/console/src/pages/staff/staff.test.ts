import { describe, expect, it } from 'vitest'
import { welcomeLink } from './api'

describe('sign-in link', () => {
  it('keeps the token behind the hash, where no server log sees it', () => {
    expect(welcomeLink('a+b/c', { origin: 'https://tea.example', pathname: '/' })).toBe('https://tea.example/#/welcome?token=a%2Bb%2Fc')
  })
})
