// The open row is part of the address, so that a link shows the same drawer to a colleague.
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface DrawerRoute {
  openId: ComputedRef<string | null>
  open: (id: string) => void
  close: () => void
}

export function useDrawerRoute(name: string): DrawerRoute {
  const route = useRoute()
  const router = useRouter()
  const openId = computed(() => {
    if (route.name !== name) return null
    const id = route.params.id
    return typeof id === 'string' && id !== '' ? id : null
  })
  return {
    openId,
    open: (id) => void router.push({ name, params: { id }, query: route.query }),
    // A drawer also reports that it is closed when one has gone elsewhere meanwhile; that must not lead back.
    close: () => {
      if (openId.value !== null) void router.push({ name, params: {}, query: route.query })
    },
  }
}
