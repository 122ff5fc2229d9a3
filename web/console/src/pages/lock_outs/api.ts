import { call, client } from '@/api/client'
import type { LockOut, SignInAttack } from '@/api/types'

// Where locks and attacks are read, and how a lock is ended.
export interface LockOutSource {
  locks: () => Promise<LockOut[]>
  attacks: () => Promise<SignInAttack[]>
  unlock: (staffId: string, reason: string) => Promise<unknown>
}

export const ownLockOuts: LockOutSource = {
  locks: async () => (await call(client.GET('/api/v1/lock-outs'))).items,
  attacks: async () => (await call(client.GET('/api/v1/sign-in-attacks'))).items,
  unlock: (staffId, reason) => call(client.POST('/api/v1/lock-outs/{staff_id}/unlock', { params: { path: { staff_id: staffId } }, body: { reason } })),
}
