import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LiveStream, readEvent, type LiveEvent } from './live_stream'

class FakeSource extends EventTarget {
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  closed = false
  close(): void {
    this.readyState = 2
    this.closed = true
  }
  say(type: string, id: string, data: string): void {
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }))
  }
}

let sources: FakeSource[] = []
const connect = (): EventSource => {
  const source = new FakeSource()
  sources.push(source)
  return source as unknown as EventSource
}

beforeEach(() => {
  sources = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('live stream', () => {
  it('reads events and drops what is not one', () => {
    expect(readEvent('order.placed', '7', '{"order_id":"A"}')).toEqual({
      id: '7', type: 'order.placed', data: { order_id: 'A' },
    })
    expect(readEvent('order.placed', '7', 'nonsense')).toBeNull()
    expect(readEvent('order.placed', '7', '[1]')).toBeNull()
  })
  it('hands events to its listeners until they leave', () => {
    const heard: LiveEvent[] = []
    const stream = new LiveStream(connect)
    const leave = stream.listen((event) => heard.push(event))
    stream.start()
    sources[0]!.say('order.placed', '1', '{"order_id":"A"}')
    sources[0]!.say('order.unknown', '2', '{"order_id":"A"}')
    leave()
    sources[0]!.say('order.paid', '3', '{"order_id":"A"}')
    expect(heard.map((event) => event.id)).toEqual(['1'])
  })
  it('asks who is there when the browser gave up, and begins no more once it is stopped', () => {
    const asked = vi.fn(() => stream.stop())
    const stream = new LiveStream(connect, undefined, undefined, asked)
    stream.start()
    sources[0]!.onopen!()
    sources[0]!.onerror!() // a break; the browser tries by itself
    expect(asked).not.toHaveBeenCalled()
    sources[0]!.readyState = 2 // and was refused: 401
    sources[0]!.onerror!()
    expect(asked).toHaveBeenCalledTimes(1)
    vi.runAllTimers()
    expect(sources.length).toBe(1)
  })
  it('leaves a short break to the browser and says when it is back', () => {
    const states: string[] = []
    const resumed = vi.fn()
    const stream = new LiveStream(connect, (state) => states.push(state), resumed)
    stream.start()
    sources[0]!.onopen!()
    expect(resumed).not.toHaveBeenCalled()
    sources[0]!.onerror!()
    sources[0]!.onopen!()
    expect(resumed).toHaveBeenCalledTimes(1)
    expect(states).toEqual(['connecting', 'open', 'lost', 'open'])
    expect(sources).toHaveLength(1)
  })
  it('begins again with growing pauses when the browser gave up', () => {
    const stream = new LiveStream(connect)
    stream.start()
    sources[0]!.readyState = 2
    sources[0]!.onerror!()
    vi.advanceTimersByTime(999)
    expect(sources).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(sources).toHaveLength(2)
    sources[1]!.readyState = 2
    sources[1]!.onerror!()
    vi.advanceTimersByTime(1999)
    expect(sources).toHaveLength(2)
    stream.stop()
    vi.advanceTimersByTime(60_000)
    expect(sources).toHaveLength(2)
    expect(stream.state).toBe('off')
  })
})
