import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call, client } from '@/api/client'
import { speakOfPlatform } from '@/i18n'

// Which console this is depends on the listener that was reached: the merchants' or the platform's own.
export const useRealm = defineStore('realm', () => {
  const platform = ref(false)
  const texts = ref(false) // codes by text message are sent here
  let asked: Promise<void> | null = null

  async function ask(): Promise<void> {
    try {
      const ways = await call(client.GET('/api/v1/session/ways'))
      platform.value = ways.platform
      texts.value = ways.text
      if (ways.platform) {
        document.documentElement.classList.add('platform')
        speakOfPlatform()
      }
    } catch {
      asked = null // signing in says by itself that the server cannot be reached; the next page asks again
    }
  }
  const load = (): Promise<void> => (asked ??= ask())
  return { platform, texts, load }
})
