// The one way to the server. Answers come back as values, refusals as ApiError.
import createClient, { type Client } from 'openapi-fetch'
import { currentLocale } from '@/i18n'
import { ApiError, networkError, readProblem } from './problem'
import type { paths as PlatformPaths } from './platform_schema'
import type { paths } from './schema'

let onSignedOut: () => void = () => {}
let askProof: (() => Promise<boolean>) | null = null

// What happens when the server no longer knows the session.
export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler
}

// Who asks for the password or a code when the server wants to know again who this is; answers whether it was given.
export function whenProofIsNeeded(ask: typeof askProof): void {
  askProof = ask
}

// A till on a weak network must learn that an attempt failed; no wait is without end.
const answerMsMax = 15_000

async function sendOnce(request: Request): Promise<Response> {
  const ended = new AbortController()
  const timer = setTimeout(() => ended.abort(), answerMsMax)
  try {
    return await globalThis.fetch(new Request(request, { signal: ended.signal }))
  } finally {
    clearTimeout(timer)
  }
}

// A sensitive act waits for the proof and is then sent again; nothing of it was done before.
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const answer = await sendOnce(request)
  if (answer.status !== 403 || !askProof) return answer
  const problem = (await answer.clone().json().catch(() => ({}))) as { code?: string }
  if (problem.code !== 'session.step_up_required') return answer
  if (await askProof()) return sendOnce(again)
  // Another code, so that no page asks a second time.
  return Response.json({ ...problem, code: 'session.step_up_declined' }, { status: 403 })
}

function open<Paths extends object>(): Client<Paths> {
  const made = createClient<Paths>({
    baseUrl: globalThis.location?.origin ?? '',
    credentials: 'same-origin',
    fetch: send,
  })
  made.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', currentLocale())
      return request
    },
  })
  return made
}

export const client = open<paths>()
// What only the platform's own listener answers; the routes both have go through the other one.
export const platformClient = open<PlatformPaths>()

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

export async function call<T>(answer: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>
  try {
    got = await answer
  } catch {
    throw networkError()
  }
  if (got.response.ok) return got.data as T
  const error: ApiError = readProblem(got.response.status, got.error)
  if (error.status === 401 && ['session.required', 'session.moved'].includes(error.code)) onSignedOut()
  throw error
}
