import { defineStore } from 'pinia'
import { ref } from 'vue'
import { LiveStream, type LiveEvent, type StreamState } from '@/base/live_stream'
import { useSession } from './session'

export const useLive = defineStore('live', () => {
  const state = ref<StreamState>('off')
  const resumedCount = ref(0)
  const stream = new LiveStream(
    () => new EventSource('/api/v1/events'),
    (next) => (state.value = next),
    () => (resumedCount.value += 1),
    () => void useSession().refresh().catch(() => undefined), // without a session the console asks to sign in
  )
  return {
    state,
    resumedCount, // grows after every break; lists then read again what they may have missed
    start: () => stream.start(),
    stop: () => stream.stop(),
    listen: (listener: (event: LiveEvent) => void) => stream.listen(listener),
  }
})
