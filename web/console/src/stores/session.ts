import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { call, client } from '@/api/client'
import { ApiError, asApiError } from '@/api/problem'
import type { Me, TextCodeAsked } from '@/api/types'
import { answerWithPasskey } from '@/base/passkeys'
import { clockOf, formatInstant, today } from '@/base/time'

export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const asked = ref(false)
  const failure = shallowRef<ApiError | null>(null) // why it could not be asked
  const factors = ref<string[]>([]) // that the second step takes
  const held = computed(() => new Set(me.value?.permissions ?? []))
  const offset = computed(() => me.value?.tenant.utc_offset_minutes ?? 480)

  const mustAddFactor = computed(() => me.value !== null && me.value.second_factor_required && !me.value.second_factor)

  const may = (code: string | undefined): boolean => code === undefined || held.value.has(code)
  const mayAny = (codes: string[]): boolean => codes.some((code) => held.value.has(code))

  // Asks the server once who we are; a missing session is an answer, not a fault.
  async function load(): Promise<void> {
    if (asked.value) return
    try {
      me.value = await call(client.GET('/api/v1/session'))
      asked.value = true
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) asked.value = true
      else {
        failure.value = asApiError(error)
        throw error
      }
    }
  }

  function adopt(found: Me): void {
    me.value = found
    asked.value = true
  }

  // True: signed in. False: the server now waits for the second factor.
  async function enter(answer: () => Promise<Me>): Promise<boolean> {
    try {
      adopt(await answer())
      return true
    } catch (error) {
      if (error instanceof ApiError && error.code === 'second_factor.required') {
        factors.value = error.fields.map((entry) => entry.code)
        return false
      }
      throw error
    }
  }
  const signIn = (tenantCode: string, loginName: string, password: string): Promise<boolean> =>
    enter(() => call(client.POST('/api/v1/session', { body: { tenant_code: tenantCode, login_name: loginName, password } })))
  const redeem = (token: string): Promise<boolean> => enter(() => call(client.POST('/api/v1/session/redeem', { body: { token } })))

  const askTextCode = (tenantCode: string, phone: string, purpose: 'sign_in' | 'recovery'): Promise<TextCodeAsked> =>
    call(client.POST('/api/v1/session/text-code', { body: { tenant_code: tenantCode, phone, purpose } }))
  const signInWithTextCode = (code: string): Promise<boolean> => enter(() => call(client.POST('/api/v1/session/text-code/sign-in', { body: { code } })))

  async function signInWithPasskey(): Promise<void> {
    const question = await call(client.POST('/api/v1/session/passkey/question'))
    const proof = await answerWithPasskey(question, 'required')
    adopt(await call(client.POST('/api/v1/session/passkey', { body: proof })))
  }

  async function secondStep(code: string): Promise<void> {
    adopt(await call(client.POST('/api/v1/session/second-factor', { body: { code } })))
  }
  async function secondStepWithPasskey(): Promise<void> {
    const question = await call(client.POST('/api/v1/session/second-factor/passkey'))
    const passkey = await answerWithPasskey(question, 'preferred')
    adopt(await call(client.POST('/api/v1/session/second-factor', { body: { passkey } })))
  }

  // Reads again what one may do: an expired password was changed, a second factor was added.
  async function refresh(): Promise<void> {
    adopt(await call(client.GET('/api/v1/session')))
  }

  async function setPassword(next: string, current?: string): Promise<void> {
    const body = current ? { current_password: current, new_password: next } : { new_password: next }
    await call(client.POST('/api/v1/session/password', { body }))
    await refresh()
  }

  async function signOut(): Promise<void> {
    try {
      await call(client.DELETE('/api/v1/session'))
    } finally {
      dropped()
    }
  }

  function dropped(): void {
    me.value = null
    asked.value = true
  }

  const showInstant = (at: string | null | undefined, seconds = false): string =>
    formatInstant(at, offset.value, seconds)
  const todayHere = (): string => today(offset.value, new Date())
  const hourHere = (): number => Number(clockOf(new Date(), offset.value).slice(0, 2))

  return {
    me, asked, failure, offset, may, mayAny, mustAddFactor, load, adopt, refresh, signIn, askTextCode, signInWithTextCode, redeem, signInWithPasskey, secondStep, secondStepWithPasskey, factors, setPassword, signOut, dropped, showInstant, todayHere, hourHere,
  }
})
