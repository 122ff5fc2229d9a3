import { describe, expect, it } from 'vitest'
import { changePermille, formatFen, parseYuan, plainYuan } from './money'

describe('money', () => {
  it('shows fen as yuan', () => {
    expect(formatFen(0)).toBe('¥0.00')
    expect(formatFen(5)).toBe('¥0.05')
    expect(formatFen(1230)).toBe('¥12.30')
    expect(formatFen(123456789)).toBe('¥1,234,567.89')
    expect(formatFen(-1230)).toBe('-¥12.30')
    expect(plainYuan(-5)).toBe('-0.05')
  })
  it('reads yuan without floating point', () => {
    expect(parseYuan('12')).toBe(1200)
    expect(parseYuan('12.')).toBe(1200)
    expect(parseYuan('12.3')).toBe(1230)
    expect(parseYuan(' ¥1,234.50 ')).toBe(123450)
    expect(parseYuan('0.29')).toBe(29)
    expect(parseYuan('1.005')).toBeNull()
    expect(parseYuan('-1')).toBeNull()
    expect(parseYuan('1e3')).toBeNull()
    expect(parseYuan('')).toBeNull()
    expect(parseYuan('99999999999')).toBeNull()
  })
  it('every amount survives the way to text and back', () => {
    for (let fen = 0; fen < 20_000; fen += 7) expect(parseYuan(formatFen(fen))).toBe(fen)
  })
  it('compares with the week before', () => {
    expect(changePermille(110, 100)).toBe(100)
    expect(changePermille(50, 100)).toBe(-500)
    expect(changePermille(50, 0)).toBeNull()
  })
})
