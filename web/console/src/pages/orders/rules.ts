// What may be done with an order in its state. The server decides again; this only decides what is offered.
import type { Order, OrderSummary } from '@/api/types'
import type { OrderFilters } from './api'

export type Step = 'accepted' | 'making' | 'ready' | 'handed_over'
const steps: Step[] = ['accepted', 'making', 'ready', 'handed_over']

type States = Pick<OrderSummary, 'payment_state' | 'production_state' | 'fulfilment_state'>

export function nextStep(order: States): Step | null {
  if (order.payment_state !== 'paid' || order.fulfilment_state === 'cancelled') return null
  if (order.production_state === 'received') return 'accepted'
  const at = steps.findIndex((step) => step === order.production_state)
  return at < 0 ? null : (steps[at + 1] ?? null)
}

const notBegun = (order: States): boolean => ['received', 'accepted'].includes(order.production_state)

export function canCancel(order: States): boolean {
  if (order.fulfilment_state === 'cancelled' || order.production_state === 'rejected') return false
  return ['pending', 'paid'].includes(order.payment_state) && notBegun(order)
}

export const canRefund = (order: States): boolean => order.payment_state === 'paid' && !canCancel(order)

// Does an order that just arrived belong to the rows that this list shows?
export function belongs(order: OrderSummary, filters: OrderFilters, q: string, dayOf: (at: string) => string): boolean {
  const text = q.trim()
  const day = dayOf(order.placed_at)
  return (filters.store_id === '' || filters.store_id === order.store_id) &&
    (filters.payment_state === '' || filters.payment_state === order.payment_state) &&
    (filters.member_id === '' || filters.member_id === order.member_id) &&
    (filters.from === '' || day >= filters.from) && (filters.to === '' || day <= filters.to) &&
    (text === '' || order.number.includes(text) || order.pick_up_number === text)
}

export function summaryOf(order: Order): OrderSummary {
  const { id, number, pick_up_number, store_id, store_name, mode, payment_state, production_state, fulfilment_state,
    total_fen, lines_count, member_id, placed_at, version } = order
  return { id, number, pick_up_number, store_id, store_name, mode, payment_state, production_state, fulfilment_state,
    total_fen, lines_count, member_id, placed_at, version }
}
