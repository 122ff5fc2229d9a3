import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { call, client, whenProofIsNeeded } from './client'

const problem = (code: string): Response => Response.json({ code, title: code, status: 403 }, { status: 403 })
const sent: string[] = []
let answers: Response[] = []

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`)
    return answers.shift()
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  whenProofIsNeeded(null)
})
const makeRole = (): Promise<unknown> => call(client.POST('/api/v1/roles', { baseUrl: 'https://hangu.test', body: { name: 'clerk', permissions: [] } }))

it('asks who it is and sends a sensitive act again', async () => {
  const ask = vi.fn(async () => true)
  whenProofIsNeeded(ask)
  answers = [problem('session.step_up_required'), Response.json({ id: '1' }, { status: 201 })]
  await expect(makeRole()).resolves.toEqual({ id: '1' })
  expect(ask).toHaveBeenCalledTimes(1)
  expect(sent).toEqual(Array(2).fill('POST /api/v1/roles {"name":"clerk","permissions":[]}'))
})

it('sends nothing again when nobody proved it, and does not ask twice', async () => {
  whenProofIsNeeded(async () => false)
  answers = [problem('session.step_up_required')]
  await expect(makeRole()).rejects.toMatchObject({ code: 'session.step_up_declined', status: 403 })
  expect(sent).toHaveLength(1)
  whenProofIsNeeded(async () => true)
  answers = [problem('session.step_up_required'), problem('session.step_up_required')]
  await expect(makeRole()).rejects.toMatchObject({ code: 'session.step_up_required' })
  expect(sent).toHaveLength(3)
})

it('leaves every other refusal alone', async () => {
  const ask = vi.fn(async () => true)
  whenProofIsNeeded(ask)
  answers = [problem('permission.denied')]
  await expect(makeRole()).rejects.toMatchObject({ code: 'permission.denied' })
  expect(ask).not.toHaveBeenCalled()
})
