// The cart of the counter. Its own sum is a first guess on the screen; what is paid is the server's price.
import type { OrderDraft, Product } from '@/api/types'
import { unitFen } from './modifiers'

export interface CartLine {
  key: string
  spec_id: string
  option_ids: string[]
  quantity: number
  remark: string
  product_id: string
  product_name: string
  spec_name: string
  option_names: string[]
  unit_fen: number
}

export const linesCountMax = 50
export const quantityMax = 99

// The same drink made the same way is the same line.
export const lineKey = (specId: string, optionIds: string[], remark: string): string =>
  [specId, ...[...optionIds].sort(), remark.trim()].join('|')

export function makeLine(product: Product, specId: string, optionIds: string[], quantity: number, remark: string): CartLine {
  const spec = product.specs.find((entry) => entry.id === specId)
  const options = product.modifier_groups.flatMap((group) => group.options)
  const inOrder = options.filter((option) => optionIds.includes(option.id))
  return {
    key: lineKey(specId, optionIds, remark),
    spec_id: specId,
    option_ids: inOrder.map((option) => option.id),
    quantity,
    remark: remark.trim(),
    product_id: product.id,
    product_name: product.name,
    spec_name: product.specs.length > 1 ? (spec?.name ?? '') : '',
    option_names: inOrder.map((option) => option.name),
    unit_fen: unitFen(product, specId, optionIds),
  }
}

export function addLine(lines: CartLine[], line: CartLine): CartLine[] {
  const same = lines.find((other) => other.key === line.key)
  if (same) return setQuantity(lines, line.key, same.quantity + line.quantity)
  return lines.length >= linesCountMax ? lines : [...lines, line]
}

export function setQuantity(lines: CartLine[], key: string, quantity: number): CartLine[] {
  if (quantity <= 0) return lines.filter((line) => line.key !== key)
  return lines.map((line) => (line.key === key ? { ...line, quantity: Math.min(quantityMax, quantity) } : line))
}

export const guessFen = (lines: CartLine[]): number => lines.reduce((sum, line) => sum + line.unit_fen * line.quantity, 0)
export const cupsCount = (lines: CartLine[]): number => lines.reduce((sum, line) => sum + line.quantity, 0)

export function toDraft(storeId: string, mode: OrderDraft['mode'], lines: CartLine[], memberId: string | null, remark: string): OrderDraft {
  const draft: OrderDraft = {
    store_id: storeId,
    mode,
    lines: lines.map((line) => ({
      spec_id: line.spec_id, quantity: line.quantity, option_ids: line.option_ids, ...(line.remark ? { remark: line.remark } : {}),
    })),
  }
  if (memberId) draft.member_id = memberId
  if (remark.trim()) draft.remark = remark.trim()
  return draft
}

// What to hand back; null while too little was given.
export function changeFen(totalFen: number, givenFen: number | null): number | null {
  return givenFen === null || givenFen < totalFen ? null : givenFen - totalFen
}

// Notes a customer is likely to hand over for this sum.
export function likelyNotes(totalFen: number): number[] {
  const steps = [500, 1000, 2000, 5000, 10000]
  const rounded = steps.map((step) => Math.ceil(totalFen / step) * step)
  return [...new Set(rounded)].filter((sum) => sum > totalFen).sort((a, b) => a - b).slice(0, 4)
}
