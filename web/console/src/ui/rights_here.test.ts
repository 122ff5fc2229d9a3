import { describe, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { useRightsHere } from './rights_here'

const settled = async (): Promise<void> => { for (let i = 0; i < 4; i++) await nextTick() }

describe('rights at a place', () => {
  it('offer nothing until the server has answered', async () => {
    const may = useRightsHere(() => 'n1', () => Promise.resolve(['store.edit']))
    expect(may('store.edit')).toBe(false)
    await settled()
    expect([may('store.edit'), may('staff.edit')]).toEqual([true, false])
  })
  it('follow the place, and forget an answer that comes too late', async () => {
    const node = ref<string | undefined>('n1')
    const answers = new Map<string, (may: string[]) => void>()
    const may = useRightsHere(() => node.value, (id) => new Promise((resolve) => answers.set(id, resolve)))
    node.value = 'n2'
    await settled()
    answers.get('n2')!([])
    answers.get('n1')!(['store.edit'])
    await settled()
    expect(may('store.edit')).toBe(false)
    node.value = undefined
    await settled()
    expect(may('store.edit')).toBe(false)
  })
  it('are none when the server cannot say', async () => {
    const may = useRightsHere(() => 'n1', () => Promise.reject(new Error('gone')))
    await settled()
    expect(may('store.edit')).toBe(false)
  })
})
