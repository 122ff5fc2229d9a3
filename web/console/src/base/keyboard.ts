// Key sequences such as "g o". A pause or a foreign key begins anew.

const pauseMs = 1200

export class KeySequence {
  private pending = ''
  private pendingAt = 0

  // Answers the sequence that this key completes, or null.
  press(key: string, at: number): string | null {
    const lower = key.toLowerCase()
    if (this.pending !== '' && at - this.pendingAt <= pauseMs) {
      const sequence = `${this.pending} ${lower}`
      this.pending = ''
      return sequence
    }
    this.pending = lower === 'g' ? 'g' : ''
    this.pendingAt = at
    return this.pending === '' ? lower : null
  }
}

// Keys typed into a field belong to the field.
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

// An open dialog or drawer owns the keyboard.
export function isCovered(): boolean {
  return [...document.querySelectorAll<HTMLElement>('.el-overlay')].some((layer) => layer.style.display !== 'none')
}

export const isPlain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey
