import type { Destination } from '@/api/types'
import { t } from '@/i18n'

// Everything that is not there yet but will be: not looked at, tried again, or held behind another.
export const waitingIn = (row: Pick<Destination, 'behind' | 'waiting' | 'held'>): number => row.behind + row.waiting + row.held

// What can be chosen: everything, all of a noun, or one event.
export function patternsOf(names: string[]): string[] {
  const nouns = [...new Set(names.map((name) => `${name.slice(0, name.indexOf('.'))}.*`))]
  return ['*', ...nouns, ...names]
}

export const patternText = (pattern: string): string => (pattern === '*' ? t('destination.everything') : pattern)

const known: [RegExp, string][] = [[/^the broker did not take it$/, 'refused'], [/^the queue was gone$/, 'queue_gone'], [/^connecting: /, 'unreached']]

// Why something did not arrive, where we have a word for it; else as RabbitMQ says it.
export function reasonText(words: string): string {
  const found = known.find(([form]) => form.test(words))
  return found ? t(`delivery_words.${found[1]}`) : words
}
