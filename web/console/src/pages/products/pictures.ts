// Pictures of products: links to those that a list shows, and what is sent when one is chosen.
import { reactive } from 'vue'
import type { PictureLink } from '@/api/types'
import { linksOfPictures } from './api'

export const pictureBytesMax = 1024 * 1024
export const pictureKinds = ['image/png', 'image/jpeg', 'image/webp']
const sideMax = 1600
const askedMax = 200

interface Pictured {
  id: string
  picture?: string | null
}

export interface Pictures {
  look: (products: Pictured[]) => Promise<void>
  urlOf: (product: Pictured) => string
}

// A picture is never changed under its name, and its link is good for an hour at least.
export function usePictures(): Pictures {
  const links = reactive(new Map<string, PictureLink>())
  return {
    async look(products) {
      const ids = products.filter((one) => one.picture).map((one) => one.id)
      if (ids.length === 0) return
      try {
        for (const link of await linksOfPictures(ids.slice(0, askedMax))) links.set(link.product_id, link)
      } catch {
        links.clear() // the list stands without pictures
      }
    },
    urlOf(product) {
      const link = links.get(product.id)
      return link && link.picture === product.picture ? link.url : ''
    },
  }
}

export function toBase64Url(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

// The sides it is drawn with: no longer than sideMax, never larger than it is.
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, sideMax / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

// Photos say where and with what they were taken, and are larger than a shelf needs: drawn anew, they say neither.
export const isDrawnAnew = (type: string, bytes: number): boolean => type === 'image/jpeg' || bytes > pictureBytesMax

async function drawnAnew(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  Object.assign(canvas, fitted(bitmap.width, bitmap.height))
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  const type = file.type === 'image/png' ? 'image/webp' : 'image/jpeg'
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('not drawn'))), type, 0.85)
  })
}

// As the server takes it; null: it is none.
export async function readPicture(file: Blob): Promise<string | null> {
  if (!pictureKinds.includes(file.type)) return null
  try {
    const picture = isDrawnAnew(file.type, file.size) ? await drawnAnew(file) : file
    if (picture.size > pictureBytesMax) return null
    return toBase64Url(new Uint8Array(await picture.arrayBuffer()))
  } catch {
    return null // the browser could not open it
  }
}
