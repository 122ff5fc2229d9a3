// The tree of the organisation, for its page and for the pickers.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { call, client } from '@/api/client'
import type { OrgNode } from '@/api/types'

export const useOrg = defineStore('org', () => {
  const nodes = shallowRef<OrgNode[]>([])

  async function load(): Promise<void> {
    nodes.value = (await call(client.GET('/api/v1/org-nodes'))).items
  }
  return { nodes, load }
})
