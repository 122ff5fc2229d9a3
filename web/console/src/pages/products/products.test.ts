import { describe, expect, it } from 'vitest'
import type { Product } from '@/api/types'
import { complaints, draftOf, newGroup, newProduct, toBody } from './product_form'

describe('product form', () => {
  it('names what is missing, field by field', () => {
    expect(complaints(newProduct())).toEqual({
      code: 'form.required', name: 'form.required', category_id: 'form.required',
      'specs[0].code': 'form.required', 'specs[0].name': 'form.required', 'specs[0].price_fen': 'form.no_amount',
    })
  })
  it('checks the limits of a group against its options', () => {
    const draft = newProduct()
    const group = { ...newGroup(), name: 'Sugar' }
    group.options.forEach((option, at) => (option.name = `o${at}`))
    draft.modifier_groups = [group]
    const groupFaults = (): string[] => Object.keys(complaints(draft)).filter((field) => field.startsWith('modifier_groups'))
    expect(groupFaults()).toEqual([])
    group.max = 3
    expect(groupFaults()).toEqual(['modifier_groups[0].max'])
    group.max = 1
    group.min = 2
    expect(groupFaults()).toEqual(['modifier_groups[0].max'])
    group.min = 1
    group.options.forEach((option) => (option.default = true))
    expect(groupFaults()).toEqual(['modifier_groups[0].options'])
  })
  it('edits the base price, never the price of one store, and keeps what is sold out', () => {
    const product = {
      id: 'p', code: 'T', name: 'Tea', category_id: 'c', description: 'd', state: 'on', version: 3,
      specs: [{ id: 's', code: 'T-M', name: 'M', price_fen: 900, base_price_fen: 1200, available: true, remaining: null }],
      modifier_groups: [{ id: 'g', name: 'Ice', kind: 'choice', min: 1, max: 1, options: [{ id: 'o', name: 'Less', price_fen: 0, default: true, available: false }] }],
    } as unknown as Product
    const body = toBody(draftOf(product))
    expect(body.specs).toEqual([{ id: 's', code: 'T-M', name: 'M', price_fen: 1200 }])
    expect(body.modifier_groups[0]!.options).toEqual([{ id: 'o', name: 'Less', price_fen: 0, default: true, available: false }])
  })
})
