// The stores a person may see, read once and kept for the pickers.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { call, client } from '@/api/client'
import type { Store } from '@/api/types'
import { readAll } from '@/base/read_all'
import { useSession } from './session'

export const useStores = defineStore('stores', () => {
  const session = useSession()
  const items = shallowRef<Store[]>([])
  const loadedFor = ref('')
  let running: Promise<void> | null = null
  const available = computed(() => session.may('store.view'))

  async function read(who: string): Promise<void> {
    items.value = await readAll((cursor) =>
      call(client.GET('/api/v1/stores', { params: { query: { limit: 100, ...(cursor ? { cursor } : {}) } } })))
    loadedFor.value = who
  }
  async function load(fresh = false): Promise<void> {
    const who = session.me?.staff.id ?? ''
    if (!available.value || (!fresh && loadedFor.value === who)) return
    running ??= read(who).finally(() => (running = null))
    await running.catch(() => undefined) // a picker without choices says enough; the next opening tries again
  }
  return { items, available, load }
})
