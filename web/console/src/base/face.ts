// The one character that stands for a person: of a Chinese name the last, which is of the given name; else the first letter.
export function faceOf(name: string): string {
  const letters = [...name.trim()]
  const last = letters.at(-1) ?? ''
  return /\p{Script=Han}/u.test(last) ? last : (letters[0] ?? '').toUpperCase()
}
