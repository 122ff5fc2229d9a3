// The pages opened so far, shown as tabs above the page. A tab keeps its page alive until it is closed.
import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'

const tabsCountMax = 12

export const useTabs = defineStore('tabs', () => {
  const opened = ref<string[]>([])
  const closed = reactive<Record<string, number>>({})

  function open(name: string): void {
    if (opened.value.includes(name)) return
    opened.value = [...opened.value, name].slice(-tabsCountMax)
  }

  // Closes a tab and answers the one to show if it was the shown one.
  function close(name: string): string | undefined {
    const at = opened.value.indexOf(name)
    if (at < 0) return undefined
    closed[name] = closedCount(name) + 1
    opened.value = opened.value.filter((other) => other !== name)
    return opened.value[Math.min(at, opened.value.length - 1)]
  }

  const closedCount = (name: string): number => closed[name] ?? 0

  function clear(): void {
    opened.value = []
  }

  return { opened, open, close, closedCount, clear }
})
