// A server that speaks S3 and checks SigV4, for the tests of the files port: on 127.0.0.1, a free
// port, and only as long as whoever started it holds its standard input open.
//
//     node --openssl-legacy-provider serve.mjs FOLDER BUCKET…      prints {"port":N}
//
// The flag is for its continuation tokens, which it makes with DES.
import { createRequire } from 'node:module'

const S3rver = createRequire(import.meta.url)('@20minutes/s3rver')
const [folder, ...buckets] = process.argv.slice(2)

const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  silent: true,
  directory: folder,
  serviceEndpoint: 'localhost',  // so that bucket.localhost is the virtual-host style
  configureBuckets: buckets.map((name) => ({ name })),
})
const { port } = await server.run()
process.stdout.write(`${JSON.stringify({ port })}\n`)
process.stdin.on('end', () => process.exit(0)).resume()
