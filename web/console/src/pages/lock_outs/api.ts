import { call, client } from '@/api/client'
import type { LockOut, SignInAttack } from '@/api/types'

export const listLockOuts = async (): Promise<LockOut[]> => (await call(client.GET('/api/v1/lock-outs'))).items
export const listAttacks = async (): Promise<SignInAttack[]> => (await call(client.GET('/api/v1/sign-in-attacks'))).items
export const unlock = (staffId: string, reason: string): Promise<unknown> =>
  call(client.POST('/api/v1/lock-outs/{staff_id}/unlock', { params: { path: { staff_id: staffId } }, body: { reason } }))
