// The whole check, part by part: the server answers each part within a moment, so that it can be shown and stopped.
import type { AuditCheck } from '@/api/types'

export interface Verification {
  good: boolean
  records: number
  erased: number
  faultsCount: number
  faults: AuditCheck['faults']
  head: AuditCheck['head']
}

export const faultsShownMax = 100

export async function verifyAll(
  part: (from: number) => Promise<AuditCheck>, told: (done: number, size: number) => void, stopped: () => boolean,
): Promise<Verification | null> {
  const all: Verification = { good: false, records: 0, erased: 0, faultsCount: 0, faults: [], head: null }
  let next: number | null | undefined = 0
  while (next !== null && next !== undefined) {
    if (stopped()) return null
    const answer: AuditCheck = await part(next)
    all.records += answer.records
    all.erased += answer.erased_count
    all.faultsCount += answer.faults_count
    all.faults = [...all.faults, ...answer.faults].slice(0, faultsShownMax)
    all.head = answer.head
    told(answer.to, answer.head?.size ?? 0)
    next = answer.next
  }
  all.good = all.faultsCount === 0
  return all
}
