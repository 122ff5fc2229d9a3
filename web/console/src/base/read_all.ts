import type { Page } from '@/api/types'

const pagesCountMax = 10

// Reads a list to its end, within a bound: for pickers and the counter, never for tables.
export async function readAll<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  for (let page = 0; page < pagesCountMax; page += 1) {
    const answer = await read(cursor)
    rows.push(...answer.items)
    cursor = answer.next_cursor ?? undefined
    if (cursor === undefined) break
  }
  return rows
}
