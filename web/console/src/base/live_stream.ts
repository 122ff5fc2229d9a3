// The stream of events from the server, kept open across weak networks.
// The browser resumes by itself with Last-Event-ID; when it gives up, we begin again with growing pauses.

export interface LiveEvent {
  id: string
  type: string
  data: Record<string, unknown>
}
export type StreamState = 'off' | 'connecting' | 'open' | 'lost'

export const eventTypes = [
  'order.placed', 'order.paid', 'order.cancelled', 'order.refunded', 'order.advanced', 'notice.told', 'merchant.going_on',
] as const

type Listener = (event: LiveEvent) => void
const pauseMsMax = 30_000
const closedState = 2

export function readEvent(type: string, id: string, text: string): LiveEvent | null {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return null
    return { id, type, data: data as Record<string, unknown> }
  } catch {
    return null
  }
}

export class LiveStream {
  private source: EventSource | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempts = 0
  private wasOpen = false
  private listeners = new Set<Listener>()
  state: StreamState = 'off'

  constructor(
    private readonly connect: () => EventSource,
    private readonly onState: (state: StreamState) => void = () => {},
    private readonly onResumed: () => void = () => {},
    // The browser gave up and cannot say why: the session may have ended elsewhere.
    private readonly onGivenUp: () => void = () => {},
  ) {}

  start(): void {
    if (this.source === null && this.timer === undefined) this.begin()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.source?.close()
    this.source = null
    this.attempts = 0
    this.wasOpen = false
    this.enter('off')
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private enter(state: StreamState): void {
    this.state = state
    this.onState(state)
  }

  private begin(): void {
    this.timer = undefined
    this.enter(this.attempts === 0 ? 'connecting' : 'lost')
    const source = this.connect()
    this.source = source
    source.onopen = () => {
      this.attempts = 0
      this.enter('open')
      if (this.wasOpen) this.onResumed()
      this.wasOpen = true
    }
    source.onerror = () => {
      this.enter('lost')
      if (source.readyState !== closedState) return
      source.close()
      this.source = null
      this.attempts += 1
      this.onGivenUp()
      if (this.state === 'off') return // so it was, and the page has gone
      this.timer = setTimeout(() => this.begin(), Math.min(pauseMsMax, 500 * 2 ** this.attempts))
    }
    for (const type of eventTypes) {
      source.addEventListener(type, (message) => {
        const event = readEvent(type, message.lastEventId, String(message.data))
        if (event) this.listeners.forEach((listener) => listener(event))
      })
    }
  }
}
