import { describe, expect, it, vi } from 'vitest'
import type { Order, OrderSummary } from '@/api/types'
import type { LiveEvent } from '@/base/live_stream'
import { noFilters } from './api'
import { LiveOrders } from './live_orders'
import { belongs, canCancel, canRefund, nextStep } from './rules'

const summary = (over: Partial<OrderSummary> = {}): OrderSummary => ({
  id: 'A', number: '20261122-0007', pick_up_number: 'A07', store_id: 'S1', store_name: 'One', mode: 'pick_up',
  payment_state: 'paid', production_state: 'received', fulfilment_state: 'waiting', total_fen: 1800, lines_count: 1,
  member_id: null, placed_at: '2026-11-22T10:00:00.000Z', version: 1, ...over,
})
const dayOf = (at: string): string => at.slice(0, 10)

describe('order rules', () => {
  it('offers the next step of a paid order', () => {
    const walk = ['received', 'accepted', 'making', 'ready', 'handed_over', 'rejected'] as const
    expect(walk.map((production_state) => nextStep(summary({ production_state })))).toEqual([
      'accepted', 'making', 'ready', 'handed_over', null, null,
    ])
    expect(nextStep(summary({ payment_state: 'pending' }))).toBeNull()
    expect(nextStep(summary({ payment_state: 'refunded' }))).toBeNull()
  })
  it('offers cancelling before the making, refunding after', () => {
    expect([canCancel(summary()), canRefund(summary())]).toEqual([true, false])
    expect([canCancel(summary({ production_state: 'making' })), canRefund(summary({ production_state: 'making' }))]).toEqual([false, true])
    expect(canCancel(summary({ payment_state: 'pending' }))).toBe(true)
    expect(canCancel(summary({ payment_state: 'pending', production_state: 'making' }))).toBe(false)
    const refunded = summary({ payment_state: 'refunded', fulfilment_state: 'cancelled' })
    expect([canCancel(refunded), canRefund(refunded)]).toEqual([false, false])
  })
  it('knows whether an arriving order belongs to the list', () => {
    expect(belongs(summary(), noFilters(), '', dayOf)).toBe(true)
    expect(belongs(summary(), { ...noFilters(), store_id: 'S2' }, '', dayOf)).toBe(false)
    expect(belongs(summary(), { ...noFilters(), payment_state: 'refunded' }, '', dayOf)).toBe(false)
    expect(belongs(summary(), { ...noFilters(), from: '2026-11-22', to: '2026-11-22' }, '', dayOf)).toBe(true)
    expect(belongs(summary(), { ...noFilters(), to: '2026-11-21' }, '', dayOf)).toBe(false)
    expect(belongs(summary(), { ...noFilters(), member_id: 'M' }, '', dayOf)).toBe(false)
    expect(belongs(summary(), noFilters(), 'A07', dayOf)).toBe(true)
    expect(belongs(summary(), noFilters(), 'A0', dayOf)).toBe(false)
    expect(belongs(summary(), noFilters(), '1122-00', dayOf)).toBe(true)
  })
})

describe('live orders', () => {
  const event = (type: string, order_id: unknown): LiveEvent => ({ id: '1', type, data: { order_id } })

  it('reads the order that an event names and shows it', async () => {
    const shown: [string, boolean][] = []
    const live = new LiveOrders(async (id) => summary({ id }) as Order, (order, isNew) => shown.push([order.id, isNew]))
    await live.hear(event('order.placed', 'A'))
    await live.hear(event('order.refunded', 'B'))
    await live.hear(event('member.created', 'C'))
    await live.hear(event('order.placed', 7))
    expect(shown).toEqual([['A', true], ['B', false]])
  })
  it('reads once more, not once per event, when a burst arrives', async () => {
    const waiting: (() => void)[] = []
    const read = vi.fn((id: string) => new Promise<Order>((resolve) => waiting.push(() => resolve(summary({ id }) as Order))))
    const live = new LiveOrders(read, () => {})
    const first = live.hear(event('order.placed', 'A'))
    await live.hear(event('order.paid', 'A'))
    await live.hear(event('order.advanced', 'A'))
    waiting[0]!()
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2))
    waiting[1]!()
    await first
    expect(read).toHaveBeenCalledTimes(2)
  })
  it('asks for the whole page instead when too much comes at once', async () => {
    const waiting: (() => void)[] = []
    const read = vi.fn((id: string) => new Promise<Order>((resolve) => waiting.push(() => resolve(summary({ id }) as Order))))
    const overflow = vi.fn()
    const live = new LiveOrders(read, () => {}, overflow)
    const heard = Array.from({ length: 20 }, (_, i) => live.hear(event('order.placed', `O${i}`)))
    expect(read).toHaveBeenCalledTimes(8)
    waiting.forEach((answer) => answer())
    await Promise.all(heard)
    expect(overflow).toHaveBeenCalledTimes(1)
  })
  it('never goes back to an older version and survives a refusal', async () => {
    const versions = [3, 2]
    const shown: number[] = []
    const live = new LiveOrders(async () => summary({ version: versions.shift()! }) as Order, (order) => shown.push(order.version))
    await live.hear(event('order.paid', 'A'))
    await live.hear(event('order.placed', 'A'))
    expect(shown).toEqual([3])
    const refused = new LiveOrders(() => Promise.reject(new Error('refused')), () => shown.push(0))
    await refused.hear(event('order.paid', 'A'))
    expect(shown).toEqual([3])
  })
})
