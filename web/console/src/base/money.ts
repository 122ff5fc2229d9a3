// Money is whole fen everywhere inside; yuan exist only as text on the screen.

export function formatFen(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.trunc(Math.abs(fen))
  const yuan = Math.floor(whole / 100)
  const cents = String(whole % 100).padStart(2, '0')
  return `${sign}¥${String(yuan).replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}

// For charts and inputs: "12.30", without sign of currency or thousands.
export function plainYuan(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const whole = Math.trunc(Math.abs(fen))
  return `${sign}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`
}

const amountFenMax = 99_999_999_99

// "12", "12.3", "¥1,234.50" -> fen; null for anything that is not an amount of whole fen.
export function parseYuan(text: string): number | null {
  const clean = text.trim().replace(/^[¥¥]/, '').replace(/,/g, '')
  const match = /^(\d{1,10})(?:\.(\d{0,2}))?$/.exec(clean)
  if (!match) return null
  const fen = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return fen <= amountFenMax ? fen : null
}

// Change against last week in whole per mille, null when there is nothing to compare with.
export function changePermille(now: number, before: number): number | null {
  if (before === 0) return null
  return Math.round(((now - before) * 1000) / Math.abs(before))
}
