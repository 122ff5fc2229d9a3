// From "something happened to order X" to the row in the list: each order is read once per burst, and an
// older answer never replaces a newer row.
import type { Order } from '@/api/types'
import type { LiveEvent } from '@/base/live_stream'

const readsCountMax = 8

export class LiveOrders {
  private running = new Set<string>()
  private again = new Set<string>()
  private versions = new Map<string, number>()
  private missed = false

  constructor(
    private readonly read: (id: string) => Promise<Order>,
    private readonly show: (order: Order, isNew: boolean) => void,
    private readonly overflow: () => void = () => {}, // more came than is sensible to read one by one
  ) {}

  async hear(event: LiveEvent): Promise<void> {
    const id = event.data.order_id
    if (!event.type.startsWith('order.') || typeof id !== 'string') return
    const isNew = event.type === 'order.placed' || event.type === 'order.paid'
    if (this.running.has(id)) {
      this.again.add(id)
      return
    }
    if (this.running.size >= readsCountMax) {
      this.missed = true
      return
    }
    this.running.add(id)
    try {
      do {
        this.again.delete(id)
        const order = await this.read(id)
        if ((this.versions.get(id) ?? -1) <= order.version) {
          this.remember(id, order.version)
          this.show(order, isNew)
        }
      } while (this.again.has(id))
    } catch {
      // Out of sight for this person, or the network is away; the list reads again when it is back.
    } finally {
      this.running.delete(id)
      this.again.delete(id)
      if (this.running.size === 0 && this.missed) {
        this.missed = false
        this.overflow()
      }
    }
  }

  private remember(id: string, version: number): void {
    const versionsCountMax = 500
    this.versions.delete(id)
    this.versions.set(id, version)
    if (this.versions.size > versionsCountMax) this.versions.delete(this.versions.keys().next().value as string)
  }
}
