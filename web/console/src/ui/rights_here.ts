// What one may do at one place: a button is offered only where it works. Until the server has answered, nothing is.
import { shallowRef, watch } from 'vue'
import { call, client } from '@/api/client'

export type AskRights = (nodeId: string) => Promise<string[]>
const askServer: AskRights = async (nodeId) =>
  (await call(client.GET('/api/v1/session/rights/{node_id}', { params: { path: { node_id: nodeId } } }))).may

export function useRightsHere(node: () => string | undefined, ask: AskRights = askServer): (code: string) => boolean {
  const held = shallowRef<ReadonlySet<string>>(new Set())
  watch(node, async (id) => {
    held.value = new Set()
    if (!id) return
    try {
      const may = await ask(id)
      if (node() === id) held.value = new Set(may)
    } catch {
      // Nothing is offered; the page itself tells what is wrong.
    }
  }, { immediate: true })
  return (code) => held.value.has(code)
}
