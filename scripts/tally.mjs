// Counts test cases for ./test and prints "passed failed".
//   tally.mjs ctest JUNIT GTEST_FOLDER   a ctest run; programs that wrote GoogleTest XML count by case
//   tally.mjs vitest JSON                a vitest run
//   tally.mjs summary LOG                runs that each end with "N passed, N failed"
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

function attribute(tag, name) {
  const match = tag.match(new RegExp(`\\b${name}="([^"]*)"`))
  return match ? match[1] : ''
}

function gtestCounts(file) {
  const head = readFileSync(file, 'utf8').match(/<testsuites[^>]*>/)?.[0] ?? ''
  const cases = Number(attribute(head, 'tests'))
  const failed = Number(attribute(head, 'failures')) + Number(attribute(head, 'errors'))
  const disabled = Number(attribute(head, 'disabled'))
  return { passed: cases - failed - disabled, failed }
}

function ctest(junit, folder) {
  let passed = 0
  let failed = 0
  const text = existsSync(junit) ? readFileSync(junit, 'utf8') : ''
  for (const [tag] of text.matchAll(/<testcase [^>]*>/g)) {
    const name = attribute(tag, 'name')
    const good = attribute(tag, 'status') === 'run'
    if (attribute(tag, 'status') === 'disabled') continue
    const file = [`${name}_test.xml`, `${name}.xml`].map((f) => join(folder, f)).find(existsSync)
    const counts = file ? gtestCounts(file) : { passed: good ? 1 : 0, failed: 0 }
    // A program that died, or failed outside its cases, is one failure more.
    if (!good && counts.failed === 0) counts.failed = 1
    passed += counts.passed
    failed += counts.failed
  }
  return { passed, failed: text === '' ? 1 : failed }
}

function vitest(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1 }
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter((r) => r.status === 'failed' && r.assertionResults.length === 0)
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

function summary(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const runs = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)]
  const sum = (group) => runs.reduce((all, run) => all + Number(run[group]), 0)
  return runs.length > 0 ? { passed: sum(1), failed: sum(2) } : { passed: 0, failed: 1 }
}

const [kind, ...files] = process.argv.slice(2)
const counts = { ctest, vitest, summary }[kind](...files)
console.log(counts.passed, counts.failed)
