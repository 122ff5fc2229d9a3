// The logic of every list: cursor paging, late answers, selection, the active row, merging live rows.
// No DOM here; DataList.vue draws it.
import { computed, reactive, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/problem'
import type { Page } from '@/api/types'

export interface ListQuery {
  limit: number
  cursor?: string
  q?: string
}
export type ListPhase = 'loading' | 'ready' | 'empty' | 'refused' | 'failed'
export type ListLoad<Row> = (query: ListQuery) => Promise<Page<Row>>

const selectionCountMax = 1000
const freshCountMax = 50

// What a page may ask of its list.
export interface ListHandle<Row> {
  reload: () => Promise<void>
  put: (row: Row, insert: boolean) => 'replaced' | 'inserted' | 'ignored'
  q: string
  setSearch: (q: string) => void
}

export interface ListState<Row extends { id: string }> {
  items: Ref<Row[]>
  total: Ref<number>
  page: Ref<number>
  limit: Ref<number>
  q: Ref<string>
  problem: Ref<ApiError | null>
  active: Ref<number>
  selected: Map<string, Row>
  fresh: Set<string>
  busy: Ref<boolean>
  phase: ComputedRef<ListPhase>
  hasNext: ComputedRef<boolean>
  hasPrevious: ComputedRef<boolean>
  first: ComputedRef<number>
  last: ComputedRef<number>
  reload: () => Promise<void>
  restart: () => Promise<void>
  next: () => Promise<void>
  previous: () => Promise<void>
  move: (step: number) => Row | undefined
  activate: (row: Row) => void
  toggle: (row: Row) => void
  togglePage: () => void
  pageSelected: ComputedRef<'none' | 'some' | 'all'>
  clearSelection: () => void
  put: (row: Row, insert: boolean) => 'replaced' | 'inserted' | 'ignored'
  settle: (id: string) => void
}

export function useListState<Row extends { id: string }>(load: ListLoad<Row>, limitStart = 20): ListState<Row> {
  const items = shallowRef<Row[]>([])
  const total = ref(0)
  const page = ref(0)
  const limit = ref(limitStart)
  const q = ref('')
  const problem = shallowRef<ApiError | null>(null)
  const active = ref(-1)
  const selected = reactive(new Map<string, Row>()) as Map<string, Row>
  const fresh = reactive(new Set<string>())
  const busy = ref(false)
  const loaded = ref(false)
  // cursors[n] opens page n; the first page needs none.
  const cursors = ref<(string | undefined)[]>([undefined])
  let ticket = 0

  const phase = computed<ListPhase>(() => {
    if (problem.value) return problem.value.refused ? 'refused' : 'failed'
    if (!loaded.value) return 'loading'
    return items.value.length === 0 ? 'empty' : 'ready'
  })
  const hasNext = computed(() => cursors.value[page.value + 1] !== undefined)
  const hasPrevious = computed(() => page.value > 0)
  const first = computed(() => (items.value.length === 0 ? 0 : page.value * limit.value + 1))
  const last = computed(() => (items.value.length === 0 ? 0 : first.value + items.value.length - 1))

  async function show(wanted: number): Promise<void> {
    const mine = ++ticket
    busy.value = true
    const query: ListQuery = { limit: limit.value }
    const cursor = cursors.value[wanted]
    if (cursor !== undefined) query.cursor = cursor
    if (q.value.trim() !== '') query.q = q.value.trim()
    try {
      const answer = await load(query)
      if (mine !== ticket) return // a later question was asked meanwhile
      items.value = answer.items
      total.value = answer.total
      page.value = wanted
      cursors.value = [...cursors.value.slice(0, wanted + 1), answer.next_cursor ?? undefined]
      problem.value = null
      loaded.value = true
      active.value = Math.min(active.value, answer.items.length - 1)
    } catch (error) {
      if (mine !== ticket) return
      problem.value = asApiError(error)
    } finally {
      if (mine === ticket) busy.value = false
    }
  }

  function restart(): Promise<void> {
    cursors.value = [undefined]
    active.value = -1
    fresh.clear()
    return show(0)
  }

  const pageSelected = computed(() => {
    const count = items.value.filter((row) => selected.has(row.id)).length
    return count === 0 ? 'none' : count === items.value.length ? 'all' : 'some'
  })

  function select(row: Row): void {
    if (selected.size < selectionCountMax) selected.set(row.id, row)
  }

  return {
    items, total, page, limit, q, problem, active, selected, fresh, busy, phase,
    hasNext, hasPrevious, first, last, pageSelected,
    reload: () => show(page.value),
    restart,
    next: async () => (hasNext.value ? show(page.value + 1) : undefined),
    previous: async () => (hasPrevious.value ? show(page.value - 1) : undefined),
    move(step) {
      if (items.value.length === 0) return undefined
      active.value = Math.max(0, Math.min(items.value.length - 1, active.value + step))
      return items.value[active.value]
    },
    activate(row) {
      active.value = items.value.findIndex((other) => other.id === row.id)
    },
    toggle(row) {
      if (!selected.delete(row.id)) select(row)
    },
    togglePage() {
      if (pageSelected.value === 'all') items.value.forEach((row) => selected.delete(row.id))
      else items.value.forEach(select)
    },
    clearSelection: () => selected.clear(),
    // Merges a row that arrived by itself. New rows enter only at the top of the first page.
    put(row, insert) {
      const at = items.value.findIndex((other) => other.id === row.id)
      if (at >= 0) {
        items.value = items.value.map((other, index) => (index === at ? row : other))
        if (selected.has(row.id)) selected.set(row.id, row)
        return 'replaced'
      }
      if (!insert || page.value !== 0 || !loaded.value) return 'ignored'
      items.value = [row, ...items.value].slice(0, Math.max(limit.value, 1))
      total.value += 1
      if (active.value >= 0) active.value = Math.min(active.value + 1, items.value.length - 1)
      if (fresh.size < freshCountMax) fresh.add(row.id)
      return 'inserted'
    },
    settle: (id) => void fresh.delete(id),
  }
}
