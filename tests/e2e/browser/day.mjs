// A mediator's day, whole: from the door to a case that is closed, and to one that goes up
// with what was chosen and nothing else. Twice: on a phone in Chinese with a script, and on a
// desk in English without one. usage: day.mjs URL CODE OTHER-CODE STEWARD-CODE FOLDER-FOR-PICTURES
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import AxeBuilder from '@axe-core/playwright'
import { told, end } from './told.mjs'

const [url, code, otherCode, stewardCode, shots] = process.argv.slice(2)
const pin = '135790'
const stewardPin = '246810'
mkdirSync(shots, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

async function device (code, options) {
  const context = await browser.newContext(options)
  context.hasNoScript = options.javaScriptEnabled === false
  const page = await context.newPage()
  await page.goto(`${url}/enter/${code}`)
  await page.click('main button')
  await page.waitForURL(`${url}/`)
  return page
}
async function look (page, name) {
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  if (page.context().hasNoScript) return // axe is one
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']).analyze()
  told(`${name}: nothing that keeps anybody out`, violations.length === 0 && !wide,
    (wide ? 'wider than the screen; ' : '') + violations.map(each => `${each.id} ${each.nodes[0].html.slice(0, 80)}`).join('; '))
}
// Sends the form that has that button, with a PIN where one is asked for.
async function send (page, action, said, secret = pin, button = 'button') {
  const form = page.locator(`form[action="${action}"]`).first()
  const field = form.locator('[name=pin]')
  if (await field.count() > 0) await field.fill(secret)
  await form.locator(button).first().click()
  await page.waitForURL(new RegExp(`said=${said}$`))
}
async function register (page, title, context) {
  await page.goto(`${url}/cases/new`)
  await page.fill('[name=title]', title)
  await page.fill('[name=category]', '邻里')
  await page.fill('[name=narrative]', '张某修院墙，李某认为越界三十厘米，两家争执。')
  await page.locator('[name=party]').nth(0).fill('张某')
  await page.locator('[name=party]').nth(1).fill('李某')
  await page.locator('details', { has: page.locator('[name=context]') }).locator('summary').click()
  await page.fill('[name=context]', context)
  await send(page, '/cases/new', 'case-new')
  return new URL(page.url()).pathname
}
async function triage (page, path, decision, ticks) {
  await page.goto(`${url}${path}/triage`)
  for (const each of ticks) await page.check(`[name=${each}]`)
  await page.check(`[name=decision][value=${decision}]`)
  await page.fill('[name=reason]', '先问过两家')
  await send(page, `${path}/triage`, 'triage')
}
const texts = async page => await page.textContent('main')

// ---- a case that stays in the village
async function stays (page, name) {
  await page.goto(`${url}/cases/new`)
  await look(page, `${name}-case-new`)
  const path = await register(page, '两户界墙纠纷', '两家相邻二十年，界石还在。')
  const button = page.locator('.next .button').first()
  told(`${name}: triage comes first`, await button.getAttribute('href') === `${path}/triage`)
  await triage(page, path, 'keep', ['solvable'])
  told(`${name}: then somebody takes it in hand`, await button.getAttribute('href') === `${path}/handle`)
  await page.goto(`${url}${path}/handle`)
  await look(page, `${name}-handle`)
  await send(page, `${path}/handle`, 'handle')

  await page.goto(`${url}${path}/tasks`)
  await page.fill('[name=text]', '请国土员来量界')
  await page.fill('[name=owner]', '王某')
  await page.fill('[name=due]', '2030-01-31')
  await send(page, `${path}/tasks`, 'task')
  told(`${name}: a task is given`, (await texts(page)).includes('请国土员来量界'))
  await look(page, `${name}-tasks`)
  await page.locator('.list details summary').first().click()
  await page.locator('.list details button').first().click()
  await page.waitForURL(/said=task-done$/)

  await page.goto(`${url}${path}/files`)
  await page.setInputFiles('[name=file]', { name: '界石.txt', mimeType: 'text/plain', buffer: Buffer.from('界石以南三十厘米。') })
  await send(page, `${path}/files`, 'file')
  await look(page, `${name}-files`)
  const file = await page.locator('.list a').first().getAttribute('href')
  const got = await page.request.get(url + file)
  told(`${name}: a file comes back as it was`, (await got.text()) === '界石以南三十厘米。' &&
    /^text\/plain/.test(got.headers()['content-type']) && /attachment/.test(got.headers()['content-disposition']))
  await page.locator('.list details summary').first().click()
  await page.fill('[name=reason]', '不需要了')
  await page.locator('.list details button').first().click()
  await page.waitForURL(/said=file-remove$/)

  await page.goto(`${url}${path}/set`)
  await look(page, `${name}-set`)
  await page.goto(`${url}${path}/set/place`)
  await page.fill('[name=value]', '村东头')
  await send(page, `${path}/set/place`, 'set')
  told(`${name}: what was corrected is shown`, (await texts(page)).includes('村东头'))

  await page.goto(`${url}${path}/identity`)
  await page.fill('[name=phone]', '13800000000')
  await send(page, `${path}/identity`, 'identity')
  await look(page, `${name}-identity`)
  told(`${name}: an identity is in no page`, !(await page.content()).includes('13800000000'))

  await page.goto(`${url}${path}/agreement`)
  await page.fill('[name=terms]', '一、墙退回界石。\n二、费用各半。')
  await page.fill('[name=manner]', '当面拆除')
  await page.fill('[name=deadline]', '2030-02-01')
  await look(page, `${name}-agreement`)
  await send(page, `${path}/agreement`, 'agreement')
  await look(page, `${name}-print`)
  const paper = await (await page.request.get(`${url}${path}/papers?set=agreement`)).text()
  told(`${name}: the paper has every item of the agreement`,
    ['一、墙退回界石。', '二、费用各半。', '当面拆除', '2030-02-01', '张某', '李某'].every(each => paper.includes(each)))

  await page.goto(`${url}${path}/settle`)
  await page.check('[name=outcome][value=agreement]')
  await page.fill('[name=text]', '双方签了协议')
  await look(page, `${name}-settle`)
  await send(page, `${path}/settle`, 'settle')
  await page.goto(`${url}${path}/close`)
  await page.locator('main form button').first().click()
  await page.waitForSelector('[role=alert]')
  told(`${name}: nothing closes without a follow-up`, page.url().endsWith('/close'))
  await page.goto(`${url}${path}/follow-up`)
  await page.check('[name=result][value=kept]')
  await page.fill('[name=text]', '墙已退回')
  await look(page, `${name}-follow-up`)
  await send(page, `${path}/follow-up`, 'follow-up')
  await page.goto(`${url}${path}/close`)
  await look(page, `${name}-close`)
  await send(page, `${path}/close`, 'close')
  told(`${name}: it is closed, and can be reopened`, await button.getAttribute('href') === `${path}/reopen`)
  await look(page, `${name}-closed`)
  await page.goto(`${url}${path}/reopen`)
  await page.fill('[name=reason]', '墙又修了')
  await send(page, `${path}/reopen`, 'reopen')

  const small = await register(page, '门口堆放杂物', '第一次')
  await page.goto(`${url}${small}/oral`)
  await look(page, `${name}-oral`)
  await page.fill('[name=text]', '当面说好，当天搬走')
  await page.fill('[name=follow_up]', '看过，已搬走')
  await send(page, `${small}/oral`, 'close')
  told(`${name}: a small matter closes in one step`, await button.getAttribute('href') === `${small}/reopen`)
}

// ---- what was pasted in
async function pasted (page, name) {
  await page.goto(`${url}/pastes`)
  await page.fill('[name=text]', `${name}：三组水管漏水`)
  await send(page, '/pastes', 'paste')
  await look(page, `${name}-pastes`)
  await page.locator('.list a', { hasText: `${name}：三组水管漏水` }).first().click()
  await page.waitForURL(/\/paste\/\d+$/)
  told(`${name}: what was pasted in is not typed twice`, (await page.inputValue('[name=narrative]')) === `${name}：三组水管漏水`)
  await look(page, `${name}-paste`)
  await page.fill('[name=title]', '水管漏水')
  await page.fill('[name=category]', '服务事项')
  await send(page, new URL(page.url()).pathname, 'case-new')
}

// ---- a case that goes up
async function goesUp (page, steward, name) {
  const path = await register(page, '两村共用水渠的清淤', '去年约定轮灌，今年没有执行。')
  await triage(page, path, 'escalate', ['beyond'])
  for (const party of ['张某', '李某']) {
    await page.goto(`${url}${path}/consents`)
    await page.selectOption('[name=party]', party)
    await page.check('[name=fields][value=title]')
    await page.check('[name=fields][value=context]')
    if (party === '张某') await page.check('[name=fields][value=narrative]')
    await page.check('[name=manner][value=oral]')
    await page.fill('[name=witness]', '何某')
    if (party === '李某') await look(page, `${name}-consents`)
    await send(page, `${path}/consents`, 'consent')
  }
  await page.goto(`${url}${path}/escalate`)
  await page.check('[name=fields][value=title]')
  await page.check('[name=fields][value=narrative]')
  await page.fill('[name=reason]', '需要两村协商')
  await look(page, `${name}-escalate`)
  const preview = page.locator(`form[action="${path}/escalate"] button`)
  await preview.click()
  await page.waitForSelector('[role=alert]')
  told(`${name}: what a party did not consent to does not go`, (await page.textContent('[role=alert]')).includes('李某') &&
    await page.locator('.leaves').count() === 0)
  await page.uncheck('[name=fields][value=narrative]')
  await preview.click()
  await page.waitForSelector('.leaves')
  const leaves = await page.textContent('.leaves')
  told(`${name}: the preview shows what was chosen`, leaves.includes('去年约定轮灌') && leaves.includes('两村共用水渠的清淤'))
  told(`${name}: and nothing else of the case`, !leaves.includes('张某修院墙') && !leaves.includes('邻里'))
  await look(page, `${name}-preview`)
  await send(page, `${path}/escalate/request`, 'request')
  told(`${name}: a mediator asks, and nothing has left`, await page.locator('a[href^="/record/"]').count() === 0)

  await steward.goto(`${url}${path}/escalate`)
  told(`${name}: a steward sees what was asked for`, (await steward.textContent('.leaves')).includes('去年约定轮灌'))
  await send(steward, `${path}/escalate/release`, 'release', stewardPin)
  told(`${name}: and releases it`, await steward.locator('a[href^="/record/"]').count() > 0)
  for (let i = 0; i < 40 && await steward.locator('.steps li').count() < 3; i++) {
    await steward.waitForTimeout(500)
    await steward.goto(`${url}${path}`)
  }
  told(`${name}: it is handed over and received`, await steward.locator('.steps li').count() === 3)
  await look(steward, `${name}-went-up`)

  await page.goto(`${url}${path}/set/title`)
  await page.fill('[name=value]', '两村共用水渠的清淤与轮灌')
  await send(page, `${path}/set/title`, 'set')
  await page.goto(`${url}${path}/outbox`)
  const waits = await texts(page)
  told(`${name}: what changed since waits, old beside new`, waits.includes('清淤与轮灌'))
  await look(page, `${name}-outbox`)
  told(`${name}: for a steward to send`, await page.locator('[name=seen]').count() === 0)
  await steward.goto(`${url}${path}/outbox`)
  await look(steward, `${name}-outbox-steward`)
  await send(steward, `${path}/outbox`, 'outbox', stewardPin)
  await steward.goto(`${url}${path}/outbox`)
  told(`${name}: once`, await steward.locator('[name=seen]').count() === 0)
}

const narrow = { viewport: { width: 360, height: 640 }, locale: 'zh-CN' }
const wide = { viewport: { width: 1280, height: 800 }, locale: 'en-US', javaScriptEnabled: false }
const steward = await device(stewardCode, narrow)
const days = [['phone', await device(code, narrow)], ['desk', await device(otherCode, wide)]]
for (const [name, page] of days) {
  await look(page, `${name}-today`)
  await stays(page, name)
  await pasted(page, name)
  await goesUp(page, steward, name)
  await page.goto(url)
  await look(page, `${name}-evening`)
}
await browser.close()
end()
