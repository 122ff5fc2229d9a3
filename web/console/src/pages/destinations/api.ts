import { call, client } from '@/api/client'
import type { DeadLetter, DeadLetterView, Destination, DestinationDraft, DestinationEdit, DestinationList } from '@/api/types'

const at = (id: string) => ({ path: { destination_id: id } })
const of = (id: string) => ({ path: { letter_id: id } })

export const listDestinations = (): Promise<DestinationList> => call(client.GET('/api/v1/destinations'))
export const createDestination = (draft: DestinationDraft): Promise<Destination> => call(client.POST('/api/v1/destinations', { body: draft }))
export const editDestination = (id: string, edit: DestinationEdit): Promise<Destination> =>
  call(client.PATCH('/api/v1/destinations/{destination_id}', { params: at(id), body: edit }))
export const removeDestination = (found: Destination): Promise<unknown> =>
  call(client.DELETE('/api/v1/destinations/{destination_id}', { params: { ...at(found.id), query: { version: found.version } } }))
export const replayDestination = (found: Destination, from: Date): Promise<Destination> =>
  call(client.POST('/api/v1/destinations/{destination_id}/replay', { params: at(found.id), body: { from_at: from.toISOString(), version: found.version } }))
export const listDeadLetters = async (id: string): Promise<DeadLetter[]> =>
  (await call(client.GET('/api/v1/destinations/{destination_id}/dead-letters', { params: at(id) }))).items
export const viewDeadLetter = (id: string): Promise<DeadLetterView> => call(client.GET('/api/v1/dead-letters/{letter_id}', { params: of(id) }))
export const replayDeadLetter = (id: string): Promise<unknown> => call(client.POST('/api/v1/dead-letters/{letter_id}/replay', { params: of(id) }))
export const replayDeadLetters = async (id: string): Promise<number> =>
  (await call(client.POST('/api/v1/destinations/{destination_id}/dead-letters/replay', { params: at(id) }))).count
export const discardDeadLetter = (id: string, reason: string): Promise<unknown> =>
  call(client.POST('/api/v1/dead-letters/{letter_id}/discard', { params: of(id), body: { reason } }))
