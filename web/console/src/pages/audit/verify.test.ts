import { describe, expect, it } from 'vitest'
import type { AuditCheck } from '@/api/types'
import { verifyAll } from './verify'

const head = { size: 600, root: 'aa', key_id: '01020304', at: '2026-11-22T00:00:00.000Z', checkpoint: 'note' }
const part = (from: number, to: number, next: number | null, faults: AuditCheck['faults'] = []): AuditCheck =>
  ({ from, to, next, records: to - from, erased_count: 1, faults_count: faults.length, faults, head })

describe('the whole check', () => {
  it('goes through all parts and adds them up', async () => {
    const parts: Record<number, AuditCheck> = { 0: part(0, 256, 256), 256: part(256, 600, null) }
    const told: number[] = []
    const found = await verifyAll((from) => Promise.resolve(parts[from]!), (done) => told.push(done), () => false)
    expect(found).toEqual({ good: true, records: 600, erased: 2, faultsCount: 0, faults: [], head })
    expect(told).toEqual([256, 600])
  })
  it('is not good when any part has a fault', async () => {
    const fault = { kind: 'record_missing', sequence: 7, record_id: 'x', near_at: null } as const
    const parts: Record<number, AuditCheck> = { 0: part(0, 256, 256, [fault]), 256: part(256, 600, null) }
    const found = await verifyAll((from) => Promise.resolve(parts[from]!), () => undefined, () => false)
    expect([found?.good, found?.faultsCount, found?.faults]).toEqual([false, 1, [fault]])
  })
  it('stops when it is told to, and says nothing then', async () => {
    let asked = 0
    const found = await verifyAll((from) => Promise.resolve(part(from, from + 256, from + 256)), () => { asked += 1 }, () => asked === 2)
    expect([found, asked]).toEqual([null, 2])
  })
})
