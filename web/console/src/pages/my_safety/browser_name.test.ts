import { describe, expect, it } from 'vitest'
import { browserName } from './browser_name'

describe('the name of a browser', () => {
  it('is what people call it', () => {
    expect(browserName('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36')).toBe('Chrome 120 · Windows')
    expect(browserName('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/121.0')).toBe('Edge 121 · Windows')
    expect(browserName('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1')).toBe('Safari 17 · iPhone')
    expect(browserName('Mozilla/5.0 (Linux; Android 14) Chrome/119.0 Mobile MicroMessenger/8.0')).toBe('WeChat 8 · Android')
  })
  it('is what it says when it is none of these', () => {
    expect(browserName('curl/8.1')).toBe('curl/8.1')
    expect(browserName('')).toBe('–')
  })
})
