// What one has been told: kept fresh by the live stream, read again after a break of it.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { call, client } from '@/api/client'
import type { Notice } from '@/api/types'
import { useLive } from './live'
import { useSession } from './session'

export const useBell = defineStore('bell', () => {
  const session = useSession()
  const live = useLive()
  const items = shallowRef<Notice[]>([])
  const unread = ref(0)
  const mailbox = ref(false) // the development mailbox is in use
  const shown = computed(() => (unread.value > 99 ? '99+' : String(unread.value)))
  let ticket = 0

  async function load(): Promise<void> {
    const mine = ++ticket
    const found = await call(client.GET('/api/v1/notices', { params: { query: { limit: 100 } } }))
    if (mine !== ticket) return // a later question was asked meanwhile
    items.value = found.items
    unread.value = found.unread_count
    mailbox.value = found.mailbox
  }
  const loadQuietly = (): Promise<void> => load().catch(() => undefined)

  async function read(id: string): Promise<void> {
    await call(client.POST('/api/v1/notices/{notice_id}/read', { params: { path: { notice_id: id } } }))
    await load()
  }
  async function readAll(): Promise<void> {
    await call(client.POST('/api/v1/notices/read'))
    await load()
  }

  live.listen((event) => {
    if (event.type === 'notice.told') void loadQuietly()
  })
  watch(() => live.resumedCount, () => void loadQuietly())
  watch(() => session.me?.staff.id, (id) => {
    items.value = []
    unread.value = 0
    if (id) void loadQuietly()
  }, { immediate: true })

  return { items, unread, mailbox, shown, load, read, readAll }
})
