import { call, client } from '@/api/client'
import type { OwnHabit, OwnSafety, TotpBegun } from '@/api/types'
import { answerWithPasskey, makePasskey, type Proof } from '@/base/passkeys'

export const viewSafety = (): Promise<OwnSafety> => call(client.GET('/api/v1/session/safety'))
export const endSession = (id: string): Promise<unknown> =>
  call(client.DELETE('/api/v1/sessions/{session_id}', { params: { path: { session_id: id } } }))
export const endOtherSessions = (): Promise<unknown> => call(client.DELETE('/api/v1/sessions'))
export const forgetDevice = (id: string): Promise<unknown> =>
  call(client.DELETE('/api/v1/session/devices/{device_id}', { params: { path: { device_id: id } } }))
export const listHabits = async (): Promise<OwnHabit[]> => (await call(client.GET('/api/v1/session/habits'))).items
export const forgetHabit = (id: string): Promise<unknown> =>
  call(client.DELETE('/api/v1/session/habits/{habit_id}', { params: { path: { habit_id: id } } }))
export const forgetHabits = (): Promise<unknown> => call(client.DELETE('/api/v1/session/habits'))
export const beginTotp = (): Promise<TotpBegun> => call(client.POST('/api/v1/session/totp'))
export const confirmTotp = async (code: string): Promise<string[]> =>
  (await call(client.POST('/api/v1/session/totp/confirm', { body: { code } }))).codes
export const removeTotp = (): Promise<unknown> => call(client.DELETE('/api/v1/session/totp'))
export const renewCodes = async (): Promise<string[]> => (await call(client.POST('/api/v1/session/recovery-codes'))).codes
export async function addPasskey(name: string): Promise<string[]> {
  const made = await makePasskey(await call(client.POST('/api/v1/session/passkeys/offer')))
  return (await call(client.POST('/api/v1/session/passkeys', { body: { name, ...made } }))).codes
}
export const removePasskey = (id: string): Promise<unknown> =>
  call(client.DELETE('/api/v1/session/passkeys/{passkey_id}', { params: { path: { passkey_id: id } } }))
export async function stepUpWithPasskey(): Promise<void> {
  const question = await call(client.POST('/api/v1/session/step-up/passkey'))
  await stepUp({ passkey: await answerWithPasskey(question, 'required') })
}
export const stepUp = (proof: { password?: string; code?: string; passkey?: Proof }): Promise<unknown> =>
  call(client.POST('/api/v1/session/step-up', { body: proof }))
