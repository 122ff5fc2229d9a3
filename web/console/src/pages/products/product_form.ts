// The product as it is being edited, and what becomes of it on the way to the server.
import type { Product, ProductCreate } from '@/api/types'

type SpecInput = ProductCreate['specs'][number]
type GroupInput = ProductCreate['modifier_groups'][number]
type OptionInput = GroupInput['options'][number]
export type SpecDraft = Omit<SpecInput, 'price_fen'> & { price_fen: number | null }
export type OptionDraft = Omit<OptionInput, 'price_fen'> & { price_fen: number | null }
export type GroupDraft = Omit<GroupInput, 'options'> & { options: OptionDraft[] }
export interface ProductDraft {
  code: string
  name: string
  category_id: string
  description: string
  state: 'on' | 'off'
  specs: SpecDraft[]
  modifier_groups: GroupDraft[]
}

export const newSpec = (): SpecDraft => ({ code: '', name: '', price_fen: null })
export const newOption = (): OptionDraft => ({ name: '', price_fen: 0, default: false, available: true })
export const newGroup = (): GroupDraft => ({ name: '', kind: 'choice', min: 1, max: 1, options: [newOption(), newOption()] })
export const newProduct = (): ProductDraft => ({
  code: '', name: '', category_id: '', description: '', state: 'on', specs: [newSpec()], modifier_groups: [],
})

export function draftOf(product: Product): ProductDraft {
  return {
    code: product.code,
    name: product.name,
    category_id: product.category_id,
    description: product.description ?? '',
    state: product.state,
    specs: product.specs.map((spec) => ({ id: spec.id, code: spec.code, name: spec.name, price_fen: spec.base_price_fen })),
    modifier_groups: product.modifier_groups.map((group) => ({
      id: group.id, name: group.name, kind: group.kind, min: group.min, max: group.max,
      options: group.options.map((option) => ({ id: option.id, name: option.name, price_fen: option.price_fen, default: option.default, available: option.available })),
    })),
  }
}

// What must hold before asking the server: field -> key of the complaint.
export function complaints(draft: ProductDraft): Record<string, string> {
  const found: Record<string, string> = {}
  const need = (field: string, value: string): void => {
    if (value.trim() === '') found[field] = 'form.required'
  }
  need('code', draft.code)
  need('name', draft.name)
  need('category_id', draft.category_id)
  if (draft.specs.length === 0) found.specs = 'product.need_spec'
  draft.specs.forEach((spec, at) => {
    need(`specs[${at}].code`, spec.code)
    need(`specs[${at}].name`, spec.name)
    if (spec.price_fen === null) found[`specs[${at}].price_fen`] = 'form.no_amount'
  })
  draft.modifier_groups.forEach((group, at) => {
    const path = `modifier_groups[${at}]`
    need(`${path}.name`, group.name)
    if (group.max < Math.max(1, group.min) || group.max > group.options.length) found[`${path}.max`] = 'product.bad_limits'
    if (group.options.filter((option) => option.default).length > group.max) found[`${path}.options`] = 'product.too_many_defaults'
    group.options.forEach((option, index) => {
      need(`${path}.options[${index}].name`, option.name)
      if (option.price_fen === null) found[`${path}.options[${index}].price_fen`] = 'form.no_amount'
    })
  })
  return found
}

export function toBody(draft: ProductDraft): ProductCreate {
  return {
    ...draft,
    code: draft.code.trim(),
    name: draft.name.trim(),
    specs: draft.specs.map((spec) => ({ ...spec, price_fen: spec.price_fen ?? 0 })),
    modifier_groups: draft.modifier_groups.map((group) => ({
      ...group, options: group.options.map((option) => ({ ...option, price_fen: option.price_fen ?? 0 })),
    })),
  }
}
