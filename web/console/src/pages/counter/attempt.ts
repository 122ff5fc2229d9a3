// One attempt to pay one cart. The key is made once and kept, with the very same body, until the server has
// clearly said yes or no; so a lost answer can never become a second order.
import { asApiError, type ApiError } from '@/api/problem'
import type { Order, OrderPlace } from '@/api/types'

export interface Attempt {
  key: string
  body: OrderPlace
}
export type Outcome =
  | { kind: 'placed'; order: Order }
  | { kind: 'refused'; problem: ApiError } // a clear no: the cart may change, the next attempt has a new key
  | { kind: 'unknown'; problem: ApiError } // no statement: only the same attempt may be sent again

export function newKey(random: () => string = () => crypto.randomUUID()): string {
  return `counter-${random()}`
}

const unclear = (problem: ApiError): boolean =>
  problem.uncertain || problem.status === 401 || problem.status === 408 ||
  (problem.code.startsWith('idempotency.') && problem.code !== 'idempotency.mismatch')

export const pausesMs = [400, 1000, 2500]

export async function send(
  attempt: Attempt,
  place: (body: OrderPlace, key: string) => Promise<Order>,
  pause: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<Outcome> {
  for (let tries = 0; ; tries += 1) {
    try {
      return { kind: 'placed', order: await place(attempt.body, attempt.key) }
    } catch (error) {
      const problem = asApiError(error)
      if (!unclear(problem)) return { kind: 'refused', problem }
      const wait = pausesMs[tries]
      // A person who was signed out has to sign in first; the attempt waits for her.
      if (wait === undefined || problem.status === 401) return { kind: 'unknown', problem }
      await pause(wait)
    }
  }
}
