// The rules of choosing modifiers: a group wants at least min and at most max of its options.
import type { ModifierGroup, Product, Spec } from '@/api/types'

export function defaultOptions(groups: ModifierGroup[]): string[] {
  return groups.flatMap((group) => {
    const wanted = group.options.filter((option) => option.default && option.available).slice(0, group.max)
    return wanted.map((option) => option.id)
  })
}

export const chosenIn = (group: ModifierGroup, chosen: string[]): string[] =>
  chosen.filter((id) => group.options.some((option) => option.id === id))

// One of one is exchanged; of several, the one too many is refused.
export function toggleOption(group: ModifierGroup, chosen: string[], optionId: string): string[] {
  const option = group.options.find((entry) => entry.id === optionId)
  if (!option) return chosen
  const mine = chosenIn(group, chosen)
  if (chosen.includes(optionId)) {
    const required = group.max === 1 && group.min >= 1
    return required ? chosen : chosen.filter((id) => id !== optionId)
  }
  if (!option.available) return chosen
  if (group.max === 1) return [...chosen.filter((id) => !mine.includes(id)), optionId]
  return mine.length >= group.max ? chosen : [...chosen, optionId]
}

export const missingIn = (group: ModifierGroup, chosen: string[]): number =>
  Math.max(0, group.min - chosenIn(group, chosen).length)
export const isFull = (group: ModifierGroup, chosen: string[]): boolean =>
  group.max > 1 && chosenIn(group, chosen).length >= group.max
export const isComplete = (groups: ModifierGroup[], chosen: string[]): boolean =>
  groups.every((group) => missingIn(group, chosen) === 0 && chosenIn(group, chosen).length <= group.max)

export const canSell = (spec: Spec): boolean => spec.available && spec.remaining !== 0

export function firstSpec(product: Product): Spec | undefined {
  return product.specs.find(canSell) ?? product.specs[0]
}

export function unitFen(product: Product, specId: string, chosen: string[]): number {
  const spec = product.specs.find((entry) => entry.id === specId)
  const options = product.modifier_groups.flatMap((group) => group.options).filter((option) => chosen.includes(option.id))
  return options.reduce((sum, option) => sum + option.price_fen, spec?.price_fen ?? 0)
}
