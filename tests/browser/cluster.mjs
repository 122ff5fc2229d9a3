// What people see of the servers behind: the platform's wall while Redis, a node and databases go away and come back, and
// a merchant's page of events for its own programs, with what was not delivered. It starts all servers itself: two
// nodes over one control database, merchants on a shard of three hosts, the platform on another.
//
// Takes what servers.mjs and stage.mjs take. Ends with "N passed, N failed" and fails if anything failed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { request } from 'node:https'
import { eventually, openServers } from './servers.mjs'
import { openStage } from './stage.mjs'

const servers = openServers()
const [control, one, two, spare, redis] = await Promise.all([...['control', 'one', 'two', 'spare'].map(servers.maria), servers.redis()])
const rabbit = await servers.rabbit()
const rabbitReady = rabbit.start().then(() => null, (error) => error) // looked at when it is needed

// `home`: where new merchants are; `hosts`: of their shard.
const hosts = [two.socket, spare.socket, `${servers.folder}/lost/socket`]
const config = (node, home, of = hosts) => servers.file(`${node}-${home}-${of.length}.toml`, `
[server]
mode = "demo"
[http]
rate_percent = 10000
[notify]
text_sender = "mailbox"
[keys]
root_file = "${servers.folder}/a.root.key"
[cluster]
control = "control"
node = "${node}"
address = "${node === 'a' ? '10.0.0.11' : '10.0.0.12'}:8443"
lease_seconds = 4
[storage]
new_tenants = "${home}"
[shards.control]
socket = "${control.socket}"
database = "control"
accounts = "${servers.folder}/accounts/control"
[shards.one]
socket = "${one.socket}"
database = "one"
accounts = "${servers.folder}/accounts/one"
[shards.two]
hosts = "${of.join(' ')}"
database = "two"
accounts = "${servers.folder}/accounts/two"
[redis]
socket = "${redis.socket}"
password_file = "${redis.passwordFile}"
[broker]
host = "127.0.0.1"
port = ${rabbit.port}
user = "guest"
password_file = "${rabbit.passwordFile}"
wait_ms_max = 1000
[delivery]
attempts_max = 1
`)
const [a, b] = [config('a', 'two'), config('b', 'two')]
const told = (config, ...words) => servers.command('a', config, ...words)
await told(config('a', 'two', [spare.socket]), 'shard', 'init', 'two') // its accounts are known there, too
await spare.kill()
await spare.start('--read-only=ON')
for (const shard of ['one', 'two', 'control']) await told(a, 'shard', 'init', shard)
await told(a, 'cluster', 'join')
const tea = await told(a, 'tenant', 'create', 'tea', '--name', '云岫茶', '--owner', 'mei')
const operator = await told(config('a', 'one'), 'platform', 'init')
const nodes = { a: await servers.node('a', a), b: await servers.node('b', b) }
const rice = await servers.command('b', b, 'tenant', 'create', 'rice', '--name', '稻香小馆', '--owner', 'mei') // b has it

const stage = await openStage(nodes.a.platform)
const { addApp, api, by, finish, go, listReady, lookAt, newLooks, newPage, settled, shot, step, visible, welcome } = stage
const password = `Pass-${randomUUID()}`
const shop = nodes.a.console

// A merchant's program that asks one node.
function ask(node, method, path, { cookie = '', body = null } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(`${node.console}/api/v1${path}`, { method, rejectUnauthorized: false, headers: { Cookie: cookie, 'Content-Type': 'application/json' } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ status: answer.statusCode, cookie: (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ') }))
    })
    asked.on('error', reject)
    asked.end(body ? JSON.stringify(body) : undefined)
  })
}
const answer = async (node, cookie) => (await ask(node, 'GET', '/session', { cookie }).catch(() => ({ status: 0 }))).status

const A = await newPage()
const M = await newPage()
let wall = []
let riceCookie = ''

// The wall looks again by itself; the button is quicker.
const wallShows = (what, check) => eventually(what, async () => {
  await by(A, 'going-on-reload').click()
  return check()
})
const nodeCard = (page, name) => by(page, 'node').filter({ has: page.locator('strong', { hasText: new RegExp(`^${name}$`) }) })
const shardCard = (page, name) => by(page, 'shard').filter({ has: page.locator('strong', { hasText: new RegExp(`^${name}$`) }) })
const seen = (card, state) => card.locator(`[data-state="${state}"]`).count()
// `open` says what the page shows when it is up to date.
const look = (name, open) => lookAt(wall, name, async (page) => {
  await by(page, 'going-on-reload').click()
  await open(page).waitFor()
})

console.log('the wall')
await step('an operator signs in at one node; merchants are served by both', async () => {
  await welcome(A, operator.sign_in_token, password)
  await by(A, 'my-safety').waitFor()
  await addApp(A)
  await welcome(M, tea.sign_in_token, password, null, shop)
  await by(M, 'side-menu').waitFor()
  const redeemed = await ask(nodes.b, 'POST', '/session/redeem', { body: { token: rice.sign_in_token } })
  assert.equal(redeemed.status, 200)
  riceCookie = redeemed.cookie
  wall = await newLooks(A.context())
  for (const { page } of wall) await go(page, '/going-on', 'going-on')
})
await step('the wall shows nodes, Redis, and the hosts of a shard with what is wrong with them', async () => {
  await go(A, '/going-on', 'going-on')
  const { version } = (await api(A, '/platform/going-on')).body.cluster.nodes[0]
  await wallShows('b works for a merchant', async () => (await nodeCard(A, 'b').locator('.num').innerText()) === '1')
  for (const name of ['a', 'b']) {
    await wallShows(`${name} is alive`, () => seen(nodeCard(A, name), 'alive'))
    assert.match(await nodeCard(A, name).innerText(), new RegExp(version.replaceAll('.', '\\.')))
  }
  for (const name of ['shared', 'control']) await wallShows(`${name} is reached`, () => by(A, name).locator('[data-state="reached"]').count())
  const hostStates = () => shardCard(A, 'two').getByTestId('shard-host').evaluateAll((all) => all.map((one) => one.dataset.state).join())
  await wallShows('the hosts of a shard', async () => (await hostStates()) === 'chosen,unfit,away')
  assert.equal(await by(A, 'going-on-nothing').count(), 0) // a host is away: all is not well
  await look('60-wall', (page) => by(page, 'shared').locator('[data-state="reached"]'))
})
await step('Redis is killed: the wall says what that means, and the console works on', async () => {
  await redis.kill()
  await wallShows('Redis is away', () => by(A, 'shared-away').count())
  await look('61-redis-away', (page) => by(page, 'shared-away'))
  await go(A, '/merchants/tea', 'drawer-merchant')
  await by(A, 'no-lock-outs').waitFor()
  await settled(A)
  await shot(A, '61-redis-away-merchant')
  await go(A, '/going-on', 'going-on')
})
await step('Redis is back, and so the wall is as before', async () => {
  await redis.start()
  await wallShows('Redis is reached', async () => !(await by(A, 'shared-away').count()) && (await by(A, 'shared').locator('[data-state="reached"]').count()))
})
await step('a node is killed: it is shown as gone, and the other takes its merchant', async () => {
  await nodes.b.kill()
  await wallShows('b is gone', () => seen(nodeCard(A, 'b'), 'gone'))
  await look('62-node-gone', (page) => nodeCard(page, 'b').locator('[data-state="gone"]'))
  await eventually('a serves its merchant', async () => (await answer(nodes.a, riceCookie)) === 200)
  await wallShows('its merchant is of a', async () => (await nodeCard(A, 'b').locator('.num').innerText()) === '0')
})
await step('the node is started again and alive', async () => {
  await nodes.b.start()
  await wallShows('b is alive', () => seen(nodeCard(A, 'b'), 'alive'))
})
await step('a shard is stopped: its merchants are refused, and served when it is back', async () => {
  await two.kill()
  await eventually('rice is refused', async () => (await answer(nodes.a, riceCookie)) === 503)
  await wallShows('two is away', () => seen(shardCard(A, 'two'), 'away'))
  await look('64-shard-away', (page) => shardCard(page, 'two').locator('[data-state="away"]').first())
  stage.current = M
  await M.reload()
  await by(M, 'problem').or(by(M, 'state-failed')).first().waitFor()
  await settled(M)
  await shot(M, '64-shard-away-merchant')
  await two.start()
  await eventually('rice is served', async () => (await answer(nodes.a, riceCookie)) === 200)
  await wallShows('two is reached', () => seen(shardCard(A, 'two'), 'partly'))
})
console.log('events for a merchant’s own programs')
let sale = null
// An order that is paid at once: two events of the same thing, the second held behind the first.
async function sell() {
  const made = await api(M, '/orders', { method: 'POST', headers: { 'Idempotency-Key': randomUUID() }, body: JSON.stringify(sale) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
}
let pages = []
const row = (page) => by(page, 'list-destinations').getByTestId('list-row').first()
const shown = async () => (await api(M, '/destinations')).body.items[0]
async function open(page) {
  await page.bringToFront()
  await page.reload()
  await listReady(page, 'destinations')
  await row(page).click()
  await by(page, 'drawer-destination').waitFor()
}

await step('a destination is made: what is wrong is said at the field, then the password is asked for', async () => {
  assert.equal(await rabbitReady, null)
  await go(M, '/destinations', 'page-destinations', shop)
  await by(M, 'list-destinations').locator('[data-testid^="state-"]').waitFor()
  await settled(M)
  await shot(M, '70-destinations-none')
  await by(M, 'destination-new').click()
  await by(M, 'drawer-destination').waitFor()
  assert.equal(await by(M, 'destination-save').isEnabled(), false)
  await by(M, 'destination-name').fill('ERP\u0007')
  await by(M, 'destination-save').click()
  await by(M, 'drawer-destination').locator('.el-form-item__error', { hasText: '含有无法显示的字符' }).waitFor()
  await settled(M)
  await shot(M, '70-destination-refused')
  await by(M, 'destination-name').fill('ERP')
  await by(M, 'destination-save').click()
  const remove = by(M, 'destination-remove')
  await visible(M, 'step-up-form').or(remove).first().waitFor()
  if (!(await remove.isVisible())) {
    await by(M, 'step-up-password').fill(password)
    await by(M, 'step-up-submit').click()
  }
  await remove.waitFor()
  await settled(M)
  await shot(M, '71-destination')
})
await step('an order is delivered', async () => {
  const node = (await api(M, '/org-nodes')).body
  const store = (await api(M, '/stores', { method: 'POST', body: JSON.stringify({ parent_id: (node.items ?? node)[0].id, code: 'S1', name: '湖滨店' }) })).body
  const category = (await api(M, '/categories', { method: 'POST', body: JSON.stringify({ name: '茶' }) })).body
  const product = (await api(M, '/products', { method: 'POST', body: JSON.stringify({ code: 'T1', name: '龙井', category_id: category.id, state: 'on', specs: [{ code: 'T1-M', name: '中杯', price_fen: 1800 }], modifier_groups: [] }) })).body
  sale = { store_id: store.id, mode: 'pick_up', lines: [{ spec_id: product.specs[0].id, quantity: 1, option_ids: [] }], payment: { tender: 'cash', amount_fen: 1800 } }
  await sell()
  await eventually('it has arrived', async () => (await shown()).delivered_at)
})
await step('a queue that was deleted: what was refused is listed, can be looked at, and is sent again', async () => {
  await rabbit.control('delete_queue', (await shown()).queue)
  await sell()
  await eventually('it is given up', async () => (await shown()).dead >= 1)
  pages = await newLooks(M.context())
  for (const { page } of pages) await go(page, '/destinations', 'page-destinations', shop)
  await lookAt(pages, '72-destinations', (page) => row(page).waitFor())
  await lookAt(pages, '73-dead-letters', async (page) => {
    await row(page).click()
    await by(page, 'drawer-destination').waitFor()
    await by(page, 'dead-letter-look').first().click()
    await by(page, 'dead-letter-payload').waitFor()
    await by(page, 'dead-letter').first().scrollIntoViewIfNeeded()
  })
  await open(M)
  stage.current = M
  await by(M, 'dead-letter-replay').first().click()
  await by(M, 'dead-letter').first().waitFor({ state: 'detached' })
  await eventually('nothing is left', async () => { const now = await shown(); return now.dead + now.held + now.waiting === 0 })
  await by(M, 'drawer-destination').getByTestId('fact-dead').getByText('0').waitFor() // by itself
  await settled(M)
  await shot(M, '74-replayed')
})
await step('without RabbitMQ nothing is given up; the page says why nothing comes', async () => {
  await rabbit.kill()
  await sell()
  await eventually('it is failing', async () => (await shown()).state === 'failing')
  await lookAt(pages, '75-broker-away', open)
  assert.equal((await shown()).dead, 0)
})
console.log('the wall again')
await step('the control database is stopped: what is served goes on, and the wall says what does not', async () => {
  await control.kill()
  await wallShows('it is away', () => by(A, 'control-away').count())
  await by(A, 'going-on-unknown').waitFor()
  const frozen = await api(A, '/platform/merchants/rice/freeze', { method: 'POST', body: JSON.stringify({ reason: 'it is only asked' }) })
  assert.equal(frozen.status, 503, JSON.stringify(frozen.body))
  assert.equal(await seen(nodeCard(A, 'a'), 'alive'), 1) // it answers
  assert.equal(await seen(nodeCard(A, 'b'), 'unknown'), 1)
  await look('65-control-away', (page) => by(page, 'control-away'))
  assert.equal(await answer(nodes.a, riceCookie), 200)
  await go(A, '/merchants')
  await listReady(A, 'merchants')
  await control.start()
  await go(A, '/going-on', 'going-on')
  await wallShows('it is reached, and both nodes live', async () => !(await by(A, 'control-away').count()) && (await seen(nodeCard(A, 'a'), 'alive')) && (await seen(nodeCard(A, 'b'), 'alive')))
})
await finish(servers.end)
