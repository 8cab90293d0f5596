// Two people at one case; and the agreement that they print holds every item of it.
// usage: two.mjs URL CODE PIN OTHER-CODE OTHER-PIN FOLDER
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { told, end } from './told.mjs'

const [url, code, pin, otherCode, otherPin, shots] = process.argv.slice(2)
mkdirSync(shots, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

async function signIn (code) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(`${url}/enter/${code}`)
  await page.click('main button')
  await page.waitForURL(`${url}/`)
  return page
}
const call = async (page, method, data) => {
  const answer = await page.request.post(`${url}/api/v1/${method}`, { data })
  if (!answer.ok()) throw new Error(`${method}: ${await answer.text()}`)
  return answer.json()
}
const one = await signIn(code)
const other = await signIn(otherCode)
await call(one, 'unlock', { pin })
await call(other, 'unlock', { pin: otherPin })
const { number } = await call(one, 'case.new', { category: '邻里', title: '界墙', narrative: '两家争执', parties: [['张某', 'applicant'], ['李某', 'respondent']] })

// ---- the same field, at the same time
const field = `${url}/case/${number}/set/title`
await one.goto(field)
await other.goto(field)
await one.fill('[name=value]', '张家界墙')
await one.click('form[action$="/set/title"] button')
await one.waitForURL(/said=set/)
await other.fill('[name=value]', '李家界墙')
await other.click('form[action$="/set/title"] button')
await other.waitForSelector('[role=alert]')
told('the second is told that the first wrote', (await other.textContent('[role=alert]')).includes('别人已经改过'))
told('and sees what', (await other.textContent('main')).includes('张家界墙'))
told('what the second wrote is still there', await other.inputValue('[name=value]') === '李家界墙')
await other.screenshot({ path: `${shots}/phone-meanwhile.png`, fullPage: true })
await other.click('form[action$="/set/title"] button')
await other.waitForURL(/said=set/)
told('once it was seen it can be written', (await other.textContent('h1')).includes('李家界墙'))
told('and both stand in what was done', (await other.textContent('ol.time')).includes('张家界墙'))

// ---- different things of one case
await one.goto(`${url}/case/${number}`)
await other.goto(`${url}/case/${number}`)
await one.fill('[name=text]', '一号记录')
await one.click(`form[action$="/note"] button`)
await one.waitForURL(/said=note/)
await other.fill('[name=text]', '二号记录')
await other.click(`form[action$="/note"] button`)
await other.waitForURL(/said=note/)
const done = await other.textContent('ol.time')
told('notes of both stay', done.includes('一号记录') && done.includes('二号记录'))
await one.goto(`${url}/`)
await call(other, 'case.task', { case: number, text: '丈量界墙', owner: '王某', due: '2030-01-31' })
await one.locator('[data-live]', { hasText: '丈量界墙' }).waitFor()
told('a page that is open shows what another one did', true)

// ---- printed
const agreement = { case: number, terms: '一、张某退回三十厘米。\n二、费用各半。', facts: '界墙越界三十厘米。', dispute: '界墙的位置。', manner: '当面丈量，一次付清。', deadline: '2030-02-28' }
await call(one, 'agreement.new', agreement)
await one.goto(`${url}/case/${number}/papers?set=agreement`)
await one.pdf({ path: `${shots}/agreement.pdf`, format: 'A4' })
const printed = execFileSync('pdftotext', ['-layout', `${shots}/agreement.pdf`, '-'], { encoding: 'utf8' }).replace(/\s+/g, '')
for (const item of [number, '张某', '李某', '申请人', agreement.facts, agreement.dispute, '张某退回三十厘米', '费用各半', agreement.manner, agreement.deadline, '三十日内', '人民法院', '调解员', '人民调解协议书']) {
  told(`the printed agreement says ${item}`, printed.includes(item.replace(/\s+/g, '')))
}
await browser.close()
end()
