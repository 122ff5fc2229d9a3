import { expect, it } from 'vitest'
import { faceOf } from './face'

it('a face is of the given name', () => {
  expect(faceOf('林小满')).toBe('满')
  expect(faceOf('mei')).toBe('M')
  expect(faceOf(' Émile Roux ')).toBe('É')
  expect(faceOf('')).toBe('')
})
