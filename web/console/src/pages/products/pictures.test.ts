import { beforeEach, describe, expect, it, vi } from 'vitest'
import { linksOfPictures } from './api'
import { fitted, isDrawnAnew, pictureBytesMax, readPicture, toBase64Url, usePictures } from './pictures'

vi.mock('./api', () => ({ linksOfPictures: vi.fn() }))
const asked = vi.mocked(linksOfPictures)

describe('pictures of products', () => {
  beforeEach(() => { asked.mockReset() }) // what it returned would be called at the end

  it('asks once for those that have one', async () => {
    asked.mockResolvedValue([{ product_id: 'a', picture: '1', url: '/files/x' }])
    const pictures = usePictures()
    await pictures.look([{ id: 'a', picture: '1' }, { id: 'b', picture: null }, { id: 'c' }])
    expect(asked).toHaveBeenCalledExactlyOnceWith(['a'])
    expect(pictures.urlOf({ id: 'a', picture: '1' })).toBe('/files/x')
    expect(pictures.urlOf({ id: 'b' })).toBe('')
  })
  it('never shows the picture that was before', async () => {
    asked.mockResolvedValue([{ product_id: 'a', picture: '1', url: '/files/x' }])
    const pictures = usePictures()
    await pictures.look([{ id: 'a', picture: '1' }])
    expect(pictures.urlOf({ id: 'a', picture: '2' })).toBe('')
  })
  it('asks nobody where there are none, and stands without them when asking fails', async () => {
    const pictures = usePictures()
    await pictures.look([{ id: 'a' }])
    expect(asked).not.toHaveBeenCalled()
    asked.mockImplementation(async () => { throw new Error('away') })
    await pictures.look([{ id: 'a', picture: '1' }])
    expect(pictures.urlOf({ id: 'a', picture: '1' })).toBe('')
  })
  it('is sent as base64url', () => {
    expect(toBase64Url(new Uint8Array([251, 255, 190]))).toBe('-_--')
    expect(toBase64Url(new Uint8Array([1]))).toBe('AQ')
  })
  it('is drawn anew when it is a photo or too large', () => {
    expect(isDrawnAnew('image/jpeg', 10)).toBe(true)
    expect(isDrawnAnew('image/png', pictureBytesMax)).toBe(false)
    expect(isDrawnAnew('image/png', pictureBytesMax + 1)).toBe(true)
    expect(fitted(4000, 3000)).toEqual({ width: 1600, height: 1200 })
    expect(fitted(300, 9000)).toEqual({ width: 53, height: 1600 })
    expect(fitted(20, 10)).toEqual({ width: 20, height: 10 })
  })
  it('takes pictures and nothing else', async () => {
    expect(await readPicture(new Blob(['<svg/>'], { type: 'image/svg+xml' }))).toBeNull()
    expect(await readPicture(new Blob([new Uint8Array([137, 80])], { type: 'image/png' }))).toBe('iVA')
  })
})
