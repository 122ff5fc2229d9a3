// Every typed letter occurs in order: "ord" finds Orders, a single word of Chinese finds its page.
export function matches(typed: string, text: string): boolean {
  const wanted = typed.trim().toLowerCase()
  const given = text.toLowerCase()
  let from = 0
  for (const letter of wanted.replace(/\s+/g, '')) {
    const at = given.indexOf(letter, from)
    if (at < 0) return false
    from = at + letter.length
  }
  return true
}
