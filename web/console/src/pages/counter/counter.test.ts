import { describe, expect, it } from 'vitest'
import { ApiError, networkError } from '@/api/problem'
import type { ModifierGroup, Order, OrderPlace, Product } from '@/api/types'
import { newKey, pausesMs, send, type Attempt } from './attempt'
import { addLine, changeFen, cupsCount, guessFen, likelyNotes, linesCountMax, makeLine, setQuantity, toDraft, type CartLine } from './cart'
import { canSell, defaultOptions, firstSpec, isComplete, isFull, missingIn, toggleOption, unitFen } from './modifiers'

const option = (id: string, price_fen = 0, over = {}) => ({ id, name: `name ${id}`, price_fen, default: false, available: true, ...over })
const sugar: ModifierGroup = { id: 'g1', name: 'Sugar', kind: 'choice', min: 1, max: 1, options: [option('full'), option('half', 0, { default: true }), option('none')] }
const topping: ModifierGroup = { id: 'g2', name: 'Topping', kind: 'topping', min: 0, max: 2, options: [option('pearl', 200), option('coco', 300), option('gone', 100, { available: false }), option('oat', 400)] }
const spec = (id: string, price_fen: number, over = {}) => ({ id, code: id, name: id, price_fen, base_price_fen: price_fen, available: true, remaining: null, ...over })
const product = {
  id: 'p', code: 'T1', name: 'Tea', category_id: 'c', category_name: 'C', picture: null, state: 'on', price_fen: 1200, price_max_fen: 1500,
  available: true, remaining: null, specs_count: 2, version: 1, description: '', specs: [spec('m', 1200), spec('l', 1500)], modifier_groups: [sugar, topping],
} as Product

describe('modifiers', () => {
  it('begin with the defaults', () => {
    expect(defaultOptions(product.modifier_groups)).toEqual(['half'])
  })
  it('exchange one of one, and keep one that is required', () => {
    expect(toggleOption(sugar, ['half', 'pearl'], 'none')).toEqual(['pearl', 'none'])
    expect(toggleOption(sugar, ['half'], 'half')).toEqual(['half'])
  })
  it('never exceed the maximum, never take what is sold out', () => {
    let chosen = toggleOption(topping, [], 'pearl')
    chosen = toggleOption(topping, chosen, 'coco')
    expect(isFull(topping, chosen)).toBe(true)
    expect(toggleOption(topping, chosen, 'oat')).toEqual(['pearl', 'coco'])
    expect(toggleOption(topping, chosen, 'pearl')).toEqual(['coco'])
    expect(toggleOption(topping, [], 'gone')).toEqual([])
    expect(toggleOption(topping, [], 'foreign')).toEqual([])
  })
  it('are complete only when every minimum is met', () => {
    expect(missingIn(sugar, [])).toBe(1)
    expect(isComplete([sugar, topping], [])).toBe(false)
    expect(isComplete([sugar, topping], ['full'])).toBe(true)
    expect(isComplete([sugar, topping], ['full', 'pearl', 'coco', 'oat'])).toBe(false)
  })
  it('add to the price of the spec', () => {
    expect(unitFen(product, 'l', ['half', 'pearl', 'coco'])).toBe(2000)
  })
  it('offer the first spec that can be sold', () => {
    expect(canSell(spec('x', 1, { remaining: 0 }))).toBe(false)
    expect(firstSpec({ ...product, specs: [spec('a', 1, { available: false }), spec('b', 1)] })?.id).toBe('b')
  })
})

describe('cart', () => {
  const line = (optionIds: string[], quantity = 1, remark = '') => makeLine(product, 'm', optionIds, quantity, remark)
  it('joins what is made the same way, whatever the order of choosing', () => {
    let lines = addLine([], line(['half', 'pearl']))
    lines = addLine(lines, line(['pearl', 'half'], 2))
    lines = addLine(lines, line(['half']))
    lines = addLine(lines, line(['half'], 1, 'hot'))
    expect(lines.map((entry) => entry.quantity)).toEqual([3, 1, 1])
    expect(guessFen(lines)).toBe(3 * 1400 + 2 * 1200)
    expect(cupsCount(lines)).toBe(5)
  })
  it('keeps its limits', () => {
    let lines = addLine([], line(['half'], 98))
    lines = addLine(lines, line(['half'], 5))
    expect(lines[0]!.quantity).toBe(99)
    expect(setQuantity(lines, lines[0]!.key, 0)).toEqual([])
    const full: CartLine[] = Array.from({ length: linesCountMax }, (_, i) => line([], 1, String(i)))
    expect(addLine(full, line([], 1, 'more'))).toHaveLength(linesCountMax)
  })
  it('becomes a draft without empty fields', () => {
    expect(toDraft('s', 'pick_up', [line(['half'])], null, '  ')).toEqual({
      store_id: 's', mode: 'pick_up', lines: [{ spec_id: 'm', quantity: 1, option_ids: ['half'] }],
    })
    expect(toDraft('s', 'dine_in', [line(['half'], 2, 'hot')], 'M', 'x')).toEqual({
      store_id: 's', mode: 'dine_in', member_id: 'M', remark: 'x', lines: [{ spec_id: 'm', quantity: 2, option_ids: ['half'], remark: 'hot' }],
    })
  })
  it('counts change', () => {
    expect(changeFen(1850, 2000)).toBe(150)
    expect(changeFen(1850, 1850)).toBe(0)
    expect(changeFen(1850, 1800)).toBeNull()
    expect(changeFen(1850, null)).toBeNull()
    expect(likelyNotes(1850)).toEqual([2000, 5000, 10000])
    expect(likelyNotes(2000)).toEqual([5000, 10000])
  })
})

describe('attempt to pay', () => {
  const attempt: Attempt = { key: newKey(() => '1'), body: { store_id: 's' } as OrderPlace }
  const script = (...answers: (Order | ApiError)[]) => {
    const sent: string[] = []
    const place = async (body: OrderPlace, key: string): Promise<Order> => {
      expect(body).toBe(attempt.body)
      sent.push(key)
      const answer = answers.shift()!
      if (answer instanceof Error) throw answer
      return answer
    }
    return { sent, place }
  }
  const waits: number[] = []
  const pause = async (ms: number): Promise<void> => void waits.push(ms)
  const refusal = (status: number, code: string): ApiError => new ApiError(status, code, '', '', [], '')
  const order = { id: 'O' } as Order

  it('repeats with the same key and body until an answer arrives', async () => {
    const { sent, place } = script(networkError(), refusal(503, 'server.busy'), order)
    expect(await send(attempt, place, pause)).toEqual({ kind: 'placed', order })
    expect(sent).toEqual(['counter-1', 'counter-1', 'counter-1'])
    expect(waits).toEqual([400, 1000])
  })
  it('takes a clear no as no', async () => {
    const { sent, place } = script(refusal(409, 'order.price_changed'))
    const outcome = await send(attempt, place, pause)
    expect([outcome.kind, sent.length]).toEqual(['refused', 1])
    expect((await send(attempt, script(refusal(409, 'idempotency.mismatch')).place, pause)).kind).toBe('refused')
  })
  it('gives up without a statement, and says that it does not know', async () => {
    const { sent, place } = script(...Array.from({ length: pausesMs.length + 1 }, networkError))
    const outcome = await send(attempt, place, pause)
    expect([outcome.kind, sent.length, new Set(sent).size]).toEqual(['unknown', pausesMs.length + 1, 1])
  })
  it('waits while the first sending is still being worked on', async () => {
    const { sent, place } = script(refusal(409, 'idempotency.in_progress'), order)
    expect((await send(attempt, place, pause)).kind).toBe('placed')
    expect(sent).toHaveLength(2)
  })
  it('keeps the attempt for after signing in again', async () => {
    expect((await send(attempt, script(refusal(401, 'session.required')).place, pause)).kind).toBe('unknown')
  })
})
