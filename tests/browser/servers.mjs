// Servers of a walk's own, in one folder: MariaDB, Galera, Redis, RabbitMQ and nodes of hangu. Each can be killed (-9) and
// started again; each ends with this process however that ends. Only sockets and loopback.
//
//   HANGU_PROGRAM     the program                     default: build/release/bin/hangu
//   HANGU_KEEP        anything: the folder is kept    default: it is removed
import { execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
const hangu = process.env.HANGU_PROGRAM ?? join(root, 'build/release/bin/hangu')
const redisPassword = 'a-password-of-the-walk'
const patienceMs = Number(process.env.HANGU_PATIENCE_MS ?? 120_000) // then the walk gives up
const run = promisify(execFile)

export async function eventually(what, check) {
  const end = Date.now() + patienceMs
  while (Date.now() < end) {
    if (await check()) return
    await pause(50)
  }
  throw new Error(`never: ${what}`)
}
const answers = (where) => new Promise((resolve) => {
  const socket = connect(where, () => resolve(true)).on('error', () => resolve(false))
  socket.on('connect', () => socket.end())
})
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

export function openServers() {
  const folder = mkdtempSync(join(tmpdir(), 'hangu-walk-'))
  chmodSync(folder, 0o755) // MariaDB is another user
  const running = new Set()

  function begin(words, environment = {}) {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], {
      cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { child.said = (child.said + text).slice(-4000) })
    child.gone = new Promise((resolve) => child.once('exit', (code, signal) => {
      if (!child.wanted) console.log(`        ended by itself (${signal ?? code}): ${words.slice(0, 2).join(' ')}\n        ${child.said}`)
      resolve()
    }))
    running.add(child)
    return child
  }
  async function kill(child) {
    child.wanted = true
    child.kill('SIGKILL')
    await child.gone
    running.delete(child)
  }
  // `start` answers with the process when it serves.
  async function server(start, ...options) {
    const one = { child: await start(...options) }
    one.kill = () => kill(one.child)
    one.start = async (...options) => { one.child = await start(...options) }
    return one
  }

  async function maria(name) {
    const at = join(folder, name)
    const socket = join(at, 'socket')
    const made = await server(async (...options) => {
      rmSync(socket, { force: true })
      const child = begin([join(root, 'scripts/mariadb'), at, '--innodb-flush-log-at-trx-commit=2', ...options])
      await eventually(`${name} answers`, () => answers(socket))
      return child
    })
    return Object.assign(made, { socket })
  }
  // A cluster of three, each killed and started by itself.
  async function galera(name) {
    const at = join(folder, name)
    mkdirSync(at)
    await run(join(root, 'scripts/galera'), [at, '--make'])
    const nodes = []
    for (const number of ['1', '2', '3']) {
      const socket = join(at, number, 'socket')
      const synced = () => run('mariadb', ['--no-defaults', '--socket', socket, '--user', 'root', '--batch', '--execute', "show status like 'wsrep_local_state_comment'"])
        .then(({ stdout }) => stdout.includes('Synced'), () => false)
      const start = async (...options) => {
        const child = begin([join(root, 'scripts/galera'), at, '--node', number, ...options])
        await eventually(`${name} ${number} is synced`, synced)
        return child
      }
      // It applies nothing of what the others tell it until what is answered here is called.
      const lag = async () => {
        const session = begin(['mariadb', '--no-defaults', '--socket', socket, '--user', 'root', '--unbuffered', '--batch', '--execute',
          'set global wsrep_desync = on; flush tables with read lock; select 1; select sleep(3600)'])
        await eventually(`${name} ${number} is held`, () => session.said.includes('1'))
        return async () => {
          await kill(session)
          await run('mariadb', ['--no-defaults', '--socket', socket, '--user', 'root', '--execute', 'set global wsrep_desync = off'])
        }
      }
      nodes.push(Object.assign(await server(start, ...(number === '1' ? ['--first'] : [])), { socket, lag }))
    }
    return nodes
  }
  async function redis() {
    const at = join(folder, 'redis')
    const socket = join(at, 'socket')
    mkdirSync(at)
    writeFileSync(join(at, 'users.acl'), `user default off\nuser hangu on >${redisPassword} ~hangu:* &hangu:* +@all -@admin\n`)
    writeFileSync(join(at, 'password'), `${redisPassword}\n`, { mode: 0o400 })
    const made = await server(async () => {
      rmSync(socket, { force: true })
      const child = begin(['redis-server', '--port', '0', '--unixsocket', socket, '--dir', at, '--aclfile', join(at, 'users.acl'), '--save', '', '--appendonly', 'no'])
      await eventually('redis answers', () => answers(socket))
      return child
    })
    return Object.assign(made, { socket, passwordFile: join(at, 'password') })
  }
  // `port` may be known before it is started. Takes some fifteen seconds.
  async function rabbit() {
    const at = join(folder, 'rabbit')
    mkdirSync(at)
    const [port, distribution, epmdPort] = await Promise.all([freePort(), freePort(), freePort()])
    writeFileSync(join(folder, 'broker.password'), 'guest\n', { mode: 0o400 })
    const start = async () => {
      if (!(await answers(epmdPort))) {
        begin(['epmd', '-port', String(epmdPort), '-address', '127.0.0.1'])
        await eventually('epmd answers', () => answers(epmdPort))
      }
      const child = begin([join(root, 'scripts/rabbitmq'), at, String(port), String(distribution), String(epmdPort)])
      await eventually('RabbitMQ is ready', () => {
        if (child.exitCode !== null) throw new Error(`RabbitMQ did not start: ${child.said}`)
        return child.said.includes('completed with')
      })
      return child
    }
    const control = (...words) => run('/usr/lib/rabbitmq/bin/rabbitmqctl', ['-q', '-n', `hangu${port}@localhost`, ...words], {
      env: { ...process.env, HOME: at, ERL_EPMD_PORT: String(epmdPort), RABBITMQ_CONF_ENV_FILE: '/dev/null' },
    })
    const made = { port, passwordFile: join(folder, 'broker.password'), control }
    made.start = async () => Object.assign(made, await server(start))
    return made
  }

  const file = (name, text) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  // What a command of the program says as JSON.
  async function command(data, config, ...words) {
    const { stdout } = await run('setpriv', ['--pdeathsig', 'KILL', hangu, ...words, '--json', '--data', join(folder, data), '--config', config], { cwd: root })
    const line = stdout.split('\n').find((one) => one.startsWith('{'))
    return line ? JSON.parse(line) : null
  }
  async function node(data, config) {
    const made = {}
    const start = async () => {
      const child = begin([hangu, 'serve', '--data', join(folder, data), '--config', config, '--port', '0', '--log', join(folder, `${data}.log`), '--console', join(root, 'web/console/dist')])
      const line = await new Promise((resolve, reject) => {
        createInterface({ input: child.stdout }).once('line', resolve)
        child.once('exit', () => reject(new Error(`${data} did not start: ${child.said}`)))
      })
      const told = JSON.parse(line)
      made.console = told.console.replace(/\/$/, '')
      made.platform = told.platform.replace(/\/$/, '')
      return child
    }
    return Object.assign(made, await server(start))
  }
  const end = () => Promise.all([...running].map(kill))
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1))
  process.on('exit', () => {
    if (process.env.HANGU_KEEP) console.log(`servers: ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  })

  return { command, end, file, folder, galera, maria, node, rabbit, redis }
}
