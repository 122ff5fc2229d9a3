// The table of OWASP ASVS requirements: docs/asvs.md from tests/asvs/asvs.json.
//   asvs.mjs            prints the table
//   asvs.mjs --check    as well as the tests of this file; says what is wrong and fails
// Every demanded requirement has a row, every row tests that exist or a reason; and what docs/security says agrees with
// the program: defaults of settings, public routes, events of the log.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

const root = new URL('..', import.meta.url).pathname
const read = (path) => readFileSync(join(root, path), 'utf8')
function files(folder, pattern) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : files(path, pattern)
    return pattern.test(entry.name) ? [path] : []
  })
}

// ---- where the tests are

function gtests() {
  const found = new Map()
  for (const path of [...files('src', /_test\.cpp$/), ...files('tests', /_test\.cpp$/)]) {
    for (const [, suite, name] of read(path).matchAll(/^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)/gm)) found.set(`${suite}.${name}`, path)
  }
  return found
}
const link = (path, text) => `[${text}](../${path})`
const units = gtests()
const matrix = read('tests/matrix/matrix_test.cpp')
const browser = read('tests/browser/run.mjs')

// Each kind of proof: what it is called in the table, or null when it is not there.
const kinds = {
  story(name) {
    const path = `tests/story/${name}.story`
    const title = exists(path) && read(path).match(/^Story: (.+)$/m)?.[1]
    return title ? `story ${link(path, name)}: ${title}` : null
  },
  unit: (name) => (units.has(name) ? `${link(units.get(name), name)}` : null),
  system: (name) => (units.get(name)?.startsWith('tests/system/') ? `${link(units.get(name), name)}, on the real program` : null),
  matrix: (name) => (new RegExp(`"${name}"`).test(matrix) ? `${link('tests/matrix/README.md', 'matrix')}, every route: ${name.replace(/_$/, ' thing').replaceAll('_', ' ')}` : null),
  browser: (name) => (browser.includes(`'${name}'`) ? `${link('tests/browser/run.mjs', 'browser')}: ${name}` : null),
  console(name) {
    const [path, title] = name.split(': ')
    const whole = `web/console/${path}`
    return exists(whole) && read(whole).includes(`it('${title}'`) ? `${link(whole, path)}: ${title}` : null
  },
  python: (path) => (exists(path) ? link(path, path.split('/').pop()) : null),
  doc(name) {
    const [file, heading] = name.split('#')
    const path = `docs/security/${file}`
    const anchor = heading.toLowerCase().replaceAll(' ', '-')
    return exists(path) && read(path).includes(`\n## ${heading}\n`) ? `[${file}: ${heading}](security/${file}#${anchor})` : null
  },
  check: (name) => (name in checks ? `${link('scripts/asvs.mjs', 'check')}: ${checks[name].title}` : null),
}
function exists(path) {
  try {
    read(path)
    return true
  } catch {
    return false
  }
}

// ---- what docs/security says, held against the program

const documents = () => files('docs/security', /\.md$/).map((path) => ({ path, text: read(path) }))
const checks = {
  settings: {
    title: 'the defaults that docs/security names are those of the program',
    run() {
      const defaults = new Map([...read('docs/settings.md').matchAll(/^\| `([\w.]+)` \| `\w+` \| `?([^|`]+?)`? \|/gm)].map(([, key, value]) => [key, value]))
      const named = documents().flatMap(({ path, text }) => [...text.matchAll(/`([a-z_]+\.[a-z_.]+)`\s+\(([^)]+)\)/g)].map(([, key, value]) => ({ path, key, value })))
      const wrong = named.filter(({ key, value }) => defaults.get(key) !== value).map(({ path, key, value }) => `${path}: ${key} is ${defaults.get(key) ?? 'no setting'}, not ${value}`)
      return named.length < 10 ? [...wrong, 'docs/security names hardly any setting'] : wrong
    },
  },
  'open routes': {
    title: 'every route that needs no session stands in docs/security/authentication.md',
    run() {
      const text = read('docs/security/authentication.md')
      const open = Object.values(JSON.parse(read('docs/api/openapi.json')).paths)
        .flatMap((path) => Object.values(path)).filter((route) => route.operationId && !(route.security ?? []).length).map((route) => route.operationId)
      const wrong = open.filter((name) => !text.includes(`\`${name}\``)).map((name) => `docs/security/authentication.md does not name ${name}, which needs no session`)
      return open.length < 3 ? [...wrong, 'docs/api/openapi.json has hardly any public route'] : wrong
    },
  },
  'sensitive acts': {
    title: 'every act that asks again who it is stands in docs/security/authorization.md',
    run() {
      const text = read('docs/security/authorization.md')
      const list = read('src/app/internal/sensitive_acts.cpp').match(/kSensitiveActs = \{([^}]*)\}/)?.[1] ?? ''
      const names = [...list.matchAll(/"([a-z_.]+)"/g)].map(([, name]) => name)
      const wrong = names.filter((name) => !text.includes(`\`${name}\``)).map((name) => `docs/security/authorization.md does not name the sensitive act ${name}`)
      return names.length < 5 ? [...wrong, 'hardly any sensitive act found'] : wrong
    },
  },
  'log events': {
    title: 'every event of the server log stands in docs/security/logging.md',
    run() {
      const text = read('docs/security/logging.md')
      const logged = files('src', /\.cpp$/).filter((path) => !path.endsWith('_test.cpp'))
        .flatMap((path) => [...read(path).matchAll(/\blog_?(?:\(\))?(?:\.|->)(?:debug|info|warning|error)\(\s*"([a-z_.]+)"/g)].map(([, event]) => event))
      const wrong = [...new Set(logged)].filter((event) => !text.includes(`\`${event}\``)).map((event) => `docs/security/logging.md does not list ${event}`)
      return logged.length < 20 ? [...wrong, 'hardly any event found in the sources'] : wrong
    },
  },
  'no hints': {
    title: 'no column and no input of the API holds a hint or a secret question',
    run() {
      const word = /hint|question|mother|maiden|birthplace/i
      const columns = read('docs/columns.md').split('\n').filter((line) => /staff|account|password/.test(line) && word.test(line))
      const inputs = JSON.stringify(JSON.parse(read('docs/api/openapi.json')).components ?? {}).match(/"[a-z_]*(?:hint|question|maiden)[a-z_]*":/g) ?? []
      return [...columns, ...inputs]
    },
  },
}

// ---- the table

const told = JSON.parse(read('tests/asvs/asvs.json'))
const chapters = { 6: 'Authentication', 7: 'Sessions', 8: 'Authorization', 16: 'Logging and errors' }
const parts = (number) => number.split('.').map(Number)
const before = (a, b) => parts(a)[0] - parts(b)[0] || parts(a)[1] - parts(b)[1] || parts(a)[2] - parts(b)[2]
const levels = new Map(Object.entries(told.demanded).flatMap(([level, numbers]) => numbers.map((number) => [number, level])))
const demanded = [...levels.keys()].sort(before)

function proof(reference) {
  const kind = reference.split(' ', 1)[0]
  return kinds[kind]?.(reference.slice(kind.length + 1)) ?? null
}

function complaints() {
  const wrong = []
  for (const number of Object.keys(told.rows)) if (!levels.has(number)) wrong.push(`${number}: nobody asks for this row`)
  for (const number of Object.keys(told.planned)) if (!levels.has(number)) wrong.push(`${number}: nobody asks for this plan`)
  for (const number of demanded) {
    const row = told.rows[number]
    if (!row?.asks) wrong.push(`${number}: no row`)
    else if (!row.not && !row.shown?.length && !told.planned[number]) wrong.push(`${number}: neither a test nor a reason`)
    for (const reference of row?.shown ?? []) if (!proof(reference)) wrong.push(`${number}: there is no ${reference}`)
  }
  for (const check of Object.values(checks)) wrong.push(...check.run())
  return wrong
}

function line(number) {
  const row = told.rows[number]
  const cell = row.not ? `Does not apply. ${row.not}` : row.shown.map(proof).join('<br>')
  const plan = told.planned[number] ? `<br>**Not whole yet:** ${told.planned[number]}` : ''
  return `| ${number} | ${levels.get(number)} | ${row.asks} | ${cell}${row.note ? `<br>*${row.note}*` : ''}${plan} |`
}

function table() {
  const open = Object.keys(told.planned).length
  const not = demanded.filter((number) => told.rows[number].not).length
  const out = [
    '# OWASP ASVS 5.0',
    '',
    `The requirements of chapters V6, V7, V8 and V16 at levels 1 and 2, and of V6.3, V7.5 and V8 at level 3, in our own words, with`,
    `the test that shows each. The standard itself: <https://owasp.org/www-project-application-security-verification-standard/>.`,
    '',
    `${demanded.length} requirements: ${demanded.length - not - open} shown, ${not} that do not apply, ${open} not whole yet. Made by`,
    '`./dev docs` from [tests/asvs/asvs.json](../tests/asvs/asvs.json); `./test` checks that every test named here exists.',
  ]
  for (const [chapter, title] of Object.entries(chapters)) {
    out.push('', `## V${chapter} ${title}`, '', '| | level | asks | shown by |', '|---|---|---|---|')
    out.push(...demanded.filter((number) => number.startsWith(`${chapter}.`)).map(line))
  }
  return `${out.join('\n')}\n`
}

const wrong = complaints()
if (wrong.length) {
  console.error(wrong.map((text) => `asvs: ${text}`).join('\n'))
  process.exit(1)
}
if (process.argv[2] === '--check') {
  if (read('docs/asvs.md') !== table()) {
    console.error(`asvs: docs/asvs.md is not what ${relative(root, join(root, 'tests/asvs/asvs.json'))} says; ./dev docs writes it anew`)
    process.exit(1)
  }
  console.log(`${demanded.length} passed, 0 failed`)
} else process.stdout.write(table())
