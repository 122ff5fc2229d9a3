// The grants of a person as rows of a form, and back.
import type { Grant, GrantInput } from '@/api/types'
import { addDays, dayOf, dayStart } from '@/base/time'

export interface GrantRow {
  key: number
  role_id: string
  node_id: string
  group_id: string
  except_node_ids: string[]
  from: string // day, "" : from now on
  until: string // last day, "" : for ever
  given: Grant | null // as it stands, for a row that is not touched
}

export function rowOf(grant: Grant, key: number, offsetMinutes: number): GrantRow {
  const from = grant.valid_from ? dayOf(grant.valid_from, offsetMinutes) : ''
  // A grant ends at the first moment at which it no longer holds: the day before is its last.
  const until = grant.valid_until ? dayOf(new Date(Date.parse(grant.valid_until) - 1), offsetMinutes) : ''
  return {
    key, role_id: grant.role_id, node_id: grant.place?.node_id ?? '', group_id: grant.group_id ?? '',
    except_node_ids: grant.except.map((place) => place.node_id), from, until, given: grant,
  }
}

// Times that were not touched stay as they are to the millisecond, so that the grant keeps its history.
export function inputOf(row: GrantRow, offsetMinutes: number): GrantInput {
  const before = row.given ? rowOf(row.given, row.key, offsetMinutes) : null
  const from = row.from === '' ? undefined : before?.from === row.from ? row.given?.valid_from : dayStart(row.from, offsetMinutes)
  const until = row.until === '' ? undefined : before?.until === row.until ? row.given?.valid_until : dayStart(addDays(row.until, 1), offsetMinutes)
  return {
    role_id: row.role_id,
    ...(row.group_id !== '' ? { group_id: row.group_id } : { node_id: row.node_id }),
    ...(row.group_id === '' && row.except_node_ids.length > 0 ? { except_node_ids: row.except_node_ids } : {}),
    ...(from ? { valid_from: from } : {}),
    ...(until ? { valid_until: until } : {}),
  }
}

export const isComplete = (row: GrantRow): boolean => row.role_id !== '' && (row.node_id !== '' || row.group_id !== '')
