// Files to and from the person's own machine; nothing of them goes anywhere else.
export function saveFile(name: string, type: string, parts: string[]): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

// Resolves null when no file was chosen or it is larger than any that could be meant.
export async function readChosenFile(event: Event, bytesMax: number): Promise<string | null> {
  const input = event.target as HTMLInputElement
  const file = input.files?.[0]
  input.value = ''
  return file && file.size <= bytesMax ? await file.text() : null
}
