import type { Destination } from '@/api/types'

// Everything that is not there yet but will be: not looked at, tried again, or held behind another.
export const waitingIn = (row: Pick<Destination, 'behind' | 'waiting' | 'held'>): number => row.behind + row.waiting + row.held

// What can be chosen: everything, all of a noun, or one event.
export function patternsOf(names: string[]): string[] {
  const nouns = [...new Set(names.map((name) => `${name.slice(0, name.indexOf('.'))}.*`))]
  return ['*', ...nouns, ...names]
}
