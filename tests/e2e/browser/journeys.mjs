// Journeys in Chromium: a mediator's day, with and without a script, narrow and wide, in both
// languages. usage: journeys.mjs URL CODE OTHER-CODE FOLDER-FOR-PICTURES
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import AxeBuilder from '@axe-core/playwright'
import { told, end } from './told.mjs'

const [url, stewardCode, code, shots] = process.argv.slice(2)
mkdirSync(shots, { recursive: true })
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
const narrow = { width: 360, height: 640 }
const wide = { width: 1280, height: 800 }

// A device: its pages ask nobody but the node, and none of them breaks a rule.
const foreign = []
const heavy = []
async function device (options) {
  const context = await browser.newContext({ viewport: narrow, locale: 'zh-CN', ...options })
  context.on('request', request => { if (!request.url().startsWith(url + '/')) foreign.push(request.url()) })
  context.on('response', async response => {
    if (!/text\/html/.test(response.headers()['content-type'] ?? '')) return
    const body = await response.body().catch(() => Buffer.alloc(0))
    if (body.length > 60 * 1024) heavy.push(`${response.url()} ${body.length}`)
  })
  return context
}
async function look (page, name) {
  await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']).analyze()
  told(`${name}: nothing that keeps anybody out`, violations.length === 0,
    violations.map(each => `${each.id} ${each.nodes[0].html.slice(0, 80)}`).join('; '))
}
const texts = {
  zh: { confirm: '确认在这台设备上登录', register: '登记', triage: '记录分诊' },
  en: { confirm: 'Sign in on this device', register: 'Register', triage: 'Record the triage' }
}

async function signIn (context, code, words) {
  const page = await context.newPage()
  await page.goto(`${url}/enter/${code}`)
  await page.fill('[name=label]', words === texts.zh ? '王调解的手机' : "Wang's phone")
  await page.click(`text="${words.confirm}"`)
  await page.waitForURL(`${url}/`)
  return page
}
async function newCase (page, words, title, pin) {
  await page.goto(`${url}/cases/new`)
  await page.fill('[name=title]', title)
  await page.fill('[name=category]', '邻里')
  await page.fill('[name=narrative]', '张某修院墙，李某认为越界三十厘米，两家争执。')
  await page.locator('[name=party]').nth(0).fill('张某')
  await page.locator('[name=party]').nth(1).fill('李某')
  if (pin) await page.fill('[name=pin]', pin)
  await page.click(`button:text-is("${words.register}")`)
  await page.waitForURL(/\/case\/20/)
  return new URL(page.url()).pathname
}

// ---- a phone of the village, in Chinese
const phone = await device()
let page = await signIn(phone, code, texts.zh)
told('a mediator signs in by an invitation', await page.locator('nav a[aria-current=page]').count() === 1)
await look(page, 'today')
await page.goto(`${url}/cases/new`)
await look(page, 'case-new')
await page.fill('[name=title]', '两户界墙纠纷')
await page.locator('[data-status]', { hasText: '草稿' }).waitFor()
await page.goto(`${url}/cases`)
await page.goto(`${url}/cases/new`)
told('what was typed is there again', await page.inputValue('[name=title]') === '两户界墙纠纷')
await page.fill('[name=category]', '邻里')
await page.fill('[name=narrative]', '院墙越界三十厘米。')
await page.fill('[name=pin]', '000000')
await page.click('button:text-is("登记")')
await page.waitForSelector('[role=alert]')
told('a wrong PIN keeps what was typed', await page.inputValue('[name=narrative]') === '院墙越界三十厘米。')
told('but not the PIN', await page.inputValue('[name=pin]') === '')
await page.fill('[name=pin]', '135790')
await page.click('button:text-is("登记")')
await page.waitForURL(/\/case\/20/)
told('a case is registered', (await page.textContent('h1')).includes('两户界墙纠纷'))
await look(page, 'case')
const path = new URL(page.url()).pathname.split('?')[0]
await page.goto(`${url}${path}/triage`)
await look(page, 'triage')
await page.check('[name=solvable]')
await page.check('[name=decision][value=keep]')
await page.fill('[name=reason]', '邻里小事，村里能办')
await page.click(`button:text-is("${texts.zh.triage}")`)
await page.waitForURL(/said=triage/)
told('it is kept in the village', (await page.textContent('main')).includes('已分诊'))
await page.goto(`${url}/cases/new`)
told('a draft goes with what it was for', await page.inputValue('[name=title]') === '')

// ---- the Wi-Fi is gone in the middle of a form
await page.goto(`${url}/cases/new`)
await page.fill('[name=title]', '断网时写的')
await page.fill('[name=category]', '邻里')
await page.fill('[name=narrative]', '写到一半，无线网断了。')
await phone.setOffline(true)
await page.click('button:text-is("登记")')
await page.locator('[data-status]', { hasText: '连不上' }).waitFor()
told('a form stays while the node cannot be reached', await page.inputValue('[name=title]') === '断网时写的')
await phone.setOffline(false)
await page.waitForURL(/\/case\/20/)
await page.goto(`${url}/cases`)
told('and is sent once', await page.locator('text=断网时写的').count() === 1)
await look(page, 'cases')
for (const [where, name] of [['/search?words=界墙', 'search'], ['/inbox', 'inbox'], ['/settings', 'settings'], ['/more', 'more'], ['/about/style', 'style']]) {
  await page.goto(url + where)
  await look(page, name)
}

// ---- a photo of a phone of today, larger than a node takes
await page.goto(`${url}${path}/files`)
const photo = Buffer.from(await page.evaluate(async () => {
  const canvas = new OffscreenCanvas(2000, 1500)
  const context = canvas.getContext('2d')
  const image = context.createImageData(canvas.width, canvas.height)
  for (let i = 0, x = 1; i < image.data.length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff
    image.data[i] = i % 4 === 3 ? 255 : (x >> 16) & 255
  }
  context.putImageData(image, 0, 0)
  return Array.from(new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer()))
}))
await page.setInputFiles('[name=file]', { name: '界墙.png', mimeType: 'image/png', buffer: photo })
await page.locator(`form[action="${path}/files"] button`).first().click()
await page.waitForURL(/said=file$/)
const kept = page.locator('.list a', { hasText: '界墙' })
const shown = await page.evaluate(async where => {
  const answer = await fetch(where)
  const blob = await answer.blob()
  const image = await createImageBitmap(blob)
  return { type: blob.type, size: blob.size, width: image.width, height: image.height }
}, await kept.getAttribute('href'))
told('a photo is made smaller before it is sent', photo.length > 3 * 1024 * 1024 && shown.size < 3 * 1024 * 1024 &&
  shown.type === 'image/jpeg' && shown.width === 1600 && shown.height === 1200, `${photo.length} ${JSON.stringify(shown)}`)
told('and is called after what it is', (await kept.textContent()).includes('界墙.jpg'))

// ---- a desk, in English, wide; and the same without a script
const desk = await device({ viewport: wide, locale: 'en-US' })
page = await signIn(desk, stewardCode, texts.en)
told('who reads English is spoken to in English', (await page.textContent('h1')).includes('Today'))
await look(page, 'today-en')
const plain = await device({ javaScriptEnabled: false, storageState: await desk.storageState(), locale: 'en-US', viewport: wide })
page = await plain.newPage()
const made = await newCase(page, texts.en, 'Without a script', '246810')
told('everything works without a script', (await page.textContent('h1')).includes('Without a script'))
await page.fill('[name=text]', 'A note without a script')
await page.locator(`form[action="${made}/note"] button`).click()
told('a note as well', (await page.textContent('main')).includes('A note without a script'))
await page.click('button:text-is("中文")')
told('and the language changes', (await page.textContent('main')).includes('办理过程'))

told('no page asks anybody but the node', foreign.length === 0, foreign.join(' '))
told('no page weighs more than 60 KB', heavy.length === 0, heavy.join(' '))
await browser.close()
end()
