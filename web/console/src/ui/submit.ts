// A form on its way to the server: busy once, and what was refused stands next to its field.
import { ref, shallowRef, type Ref } from 'vue'
import { asApiError, type ApiError } from '@/api/problem'
import { NoPasskey } from '@/base/passkeys'
import { fieldText } from './problem_text'

export interface Submit {
  busy: Ref<boolean>
  problem: Ref<ApiError | null>
  errorOf: (field: string) => string
  run: <T>(work: () => Promise<T>) => Promise<T | undefined>
  reset: () => void
}

export function useSubmit(): Submit {
  const busy = ref(false)
  const problem = shallowRef<ApiError | null>(null)

  return {
    busy,
    problem,
    errorOf(field) {
      const found = problem.value?.fields.find((entry) => entry.field === field)
      return found ? fieldText(found) : ''
    },
    async run(work) {
      if (busy.value) return undefined
      busy.value = true
      problem.value = null
      try {
        return await work()
      } catch (error) {
        problem.value = asApiError(error)
        return undefined
      } finally {
        busy.value = false
      }
    },
    reset() {
      problem.value = null
    },
  }
}

// Does it; undefined when the person looked away from the question for her passkey.
export async function unlessLeft(work: () => Promise<unknown>): Promise<true | undefined> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof NoPasskey) return undefined
    throw error
  }
}
