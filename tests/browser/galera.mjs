// What an operator and a merchant see of a shard that is a Galera cluster of three, while its servers are killed, held
// and come back. It starts all servers itself: the cluster, a database for the rest, two nodes.
//
// Takes what servers.mjs and stage.mjs take. Ends with "N passed, N failed" and fails if anything failed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { eventually, openServers } from './servers.mjs'
import { openStage } from './stage.mjs'

const servers = openServers()
const [base, three] = await Promise.all([servers.maria('base'), servers.galera('three')])

// `home`: where new merchants are.
const config = (node, home) => servers.file(`${node}-${home}.toml`, `
[server]
mode = "demo"
[notify]
text_sender = "mailbox"
[keys]
root_file = "${servers.folder}/a.root.key"
[cluster]
control = "control"
node = "${node}"
address = "10.0.0.1${node === 'a' ? 1 : 2}:8443"
lease_seconds = 4
[storage]
new_tenants = "${home}"
[shards.control]
socket = "${base.socket}"
database = "control"
accounts = "${servers.folder}/accounts/control"
[shards.home]
socket = "${base.socket}"
database = "home"
accounts = "${servers.folder}/accounts/home"
[shards.three]
hosts = "${three.map((one) => one.socket).join(' ')}"
database = "three"
accounts = "${servers.folder}/accounts/three"
`)
const [a, b] = [config('a', 'three'), config('b', 'three')]
const told = (config, ...words) => servers.command('a', config, ...words)
for (const shard of ['home', 'three', 'control']) await told(a, 'shard', 'init', shard)
await told(a, 'cluster', 'join')
const tea = await told(a, 'tenant', 'create', 'tea', '--name', '云岫茶', '--owner', 'mei')
const operator = await told(config('a', 'home'), 'platform', 'init')
const nodes = { a: await servers.node('a', a), b: await servers.node('b', b) }

const stage = await openStage(nodes.a.platform)
const { addApp, api, by, finish, go, lookAt, newLooks, newPage, settled, shot, step, welcome } = stage
const password = `Pass-${randomUUID()}`
const shop = nodes.a.console
const A = await newPage()
const M = await newPage()
let wall = []

// The wall looks again by itself; the button is quicker.
const wallShows = (what, check) => eventually(what, async () => {
  await by(A, 'going-on-reload').click()
  return check()
})
const card = (page) => by(page, 'shard').filter({ has: page.locator('strong', { hasText: /^three$/ }) })
const seen = (page, state) => card(page).locator(`.figure[data-state="${state}"]`).count()
const hosts = (page) => card(page).getByTestId('shard-host').evaluateAll((all) => all.map((one) => one.dataset.state))
const look = (name, open) => lookAt(wall, name, async (page) => {
  await by(page, 'going-on-reload').click()
  await open(page).waitFor()
})
const added = []
let asked = 0
// As the merchant's page would; answers with the status, 0 when nobody did.
async function addCategory() {
  const name = `category ${++asked}`
  const answer = await api(M, '/categories', { method: 'POST', headers: { 'Idempotency-Key': randomUUID() }, body: JSON.stringify({ name }) }).catch(() => ({ status: 0 }))
  if (answer.status === 201) added.push(name)
  return answer.status
}

console.log('a shard of three servers')
await step('an operator and a merchant sign in; one server is in use, two are ready', async () => {
  await welcome(A, operator.sign_in_token, password)
  await by(A, 'my-safety').waitFor()
  await addApp(A)
  await welcome(M, tea.sign_in_token, password, null, shop)
  await by(M, 'side-menu').waitFor()
  wall = await newLooks(A.context())
  for (const { page } of wall) await go(page, '/going-on', 'going-on')
  await go(A, '/going-on', 'going-on')
  await wallShows('three servers', async () => (await hosts(A)).join() === 'chosen,fit,fit')
  assert.equal(await seen(A, 'reached'), 1)
  await eventually('the merchant works', async () => (await addCategory()) === 201)
  await look('66-galera', (page) => card(page).locator('.figure[data-state="reached"]'))
})
await step('one of the others applies late: wall and command say how far it is behind, until it has caught up', async () => {
  const goesOn = await three[2].lag()
  await wallShows('how far it is behind', async () => (await addCategory()) === 201 && (await hosts(A)).join() === 'chosen,fit,behind')
  assert.match(await card(A).getByTestId('shard-host').nth(2).textContent(), /\d+ changes to apply|待应用 \d+ 个事务/)
  const { shards } = await told(a, 'cluster', 'status')
  const late = shards.find((one) => one.name === 'three').hosts[2]
  assert.ok(late.behind && late.lag_count > 16 && late.answer_us > 0, JSON.stringify(late))
  await look('66-galera-behind', (page) => card(page).locator('.figure[data-state="behind"]'))
  await goesOn()
  await wallShows('it has caught up', async () => (await hosts(A)).join() === 'chosen,fit,fit')
})
await step('the server in use is killed: another is worked with, and the wall says which is away', async () => {
  await three[0].kill()
  await eventually('the merchant works on', async () => (await addCategory()) === 201)
  await wallShows('another is chosen', async () => (await hosts(A)).toSorted().join() === 'away,chosen,fit')
  assert.equal((await hosts(A))[0], 'away')
  assert.equal(await seen(A, 'partly'), 1)
  await look('67-galera-one-away', (page) => card(page).locator('.figure[data-state="partly"]'))
})
await step('the last but one is held: the one that is left may not decide alone, and the merchant is told', async () => {
  three[2].child.kill('SIGSTOP')
  await eventually('the merchant is refused', async () => (await addCategory()) === 503)
  await wallShows('the shard is away', () => seen(A, 'away'))
  await look('68-galera-no-majority', (page) => card(page).locator('.figure[data-state="away"]'))
  stage.current = M
  await M.goto(`${shop}/#/products`)
  await M.reload()
  await by(M, 'problem').or(by(M, 'state-failed')).first().waitFor()
  await settled(M)
  await shot(M, '68-galera-no-majority-merchant')
})
await step('it goes on, then the one that was killed is started: all three are there again', async () => {
  three[2].child.kill('SIGCONT')
  await eventually('the merchant works', async () => (await addCategory()) === 201)
  await three[0].start()
  await wallShows('three servers', async () => (await hosts(A)).toSorted().join() === 'chosen,fit,fit')
  assert.equal(await seen(A, 'reached'), 1)
})
await step('nothing that was answered is lost', async () => {
  const { status, body } = await api(M, '/categories')
  assert.equal(status, 200)
  const names = (Array.isArray(body) ? body : body.items).map((one) => one.name)
  assert.equal(new Set(names).size, names.length)
  assert.deepEqual(added.filter((name) => !names.includes(name)), [])
})
await finish(servers.end)
