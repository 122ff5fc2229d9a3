// Filters that another page hands over in the address ("the rows behind this number").
import { watch } from 'vue'
import { useRoute } from 'vue-router'

export function useRouteFilters(name: string, filters: Record<string, string>): void {
  const route = useRoute()
  watch(
    () => [route.name, route.query] as const,
    ([shown, query]) => {
      if (shown !== name) return
      const given = Object.keys(filters).filter((key) => typeof query[key] === 'string')
      if (given.length === 0) return
      for (const key of Object.keys(filters)) filters[key] = given.includes(key) ? String(query[key]) : ''
    },
    { immediate: true },
  )
}
