// Makes src/security/identity/data/common_passwords.bin: the first 4 bytes of the SHA-256 of each
// common password, sorted, big endian. The list is that of the npm package zxcvbn (MIT licence;
// about 30,000 passwords seen in leaks, most frequent first):
//
//     npm pack zxcvbn@4.4.2 && tar xzf zxcvbn-4.4.2.tgz
//     node scripts/common_passwords.mjs package
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { writeFileSync } from 'node:fs'

const charactersMin = 4 // shorter ones are refused for their length
const folder = process.argv[2]
if (!folder) throw new Error('usage: common_passwords.mjs <unpacked zxcvbn>')
const lists = createRequire(import.meta.url)(resolve(folder, 'lib/frequency_lists.js'))
const words = new Set(lists.passwords.map((word) => word.toLowerCase()).filter((word) => word.length >= charactersMin))
const hashes = [...new Set([...words].map((word) => createHash('sha256').update(word).digest().readUInt32BE(0)))].sort((a, b) => a - b)
const bytes = Buffer.alloc(hashes.length * 4)
hashes.forEach((hash, i) => bytes.writeUInt32BE(hash, i * 4))
const target = new URL('../src/security/identity/data/common_passwords.bin', import.meta.url)
writeFileSync(target, bytes)
console.log(`${words.size} passwords, ${bytes.length} bytes`)
