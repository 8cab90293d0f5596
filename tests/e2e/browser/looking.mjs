// What the desk and the house look at their pages with: a device, and whether a page keeps
// nobody out, weighs little and asks nobody else.
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'
import AxeBuilder from '@axe-core/playwright'
import { told } from './told.mjs'

export const narrow = { width: 360, height: 640 }
export const wide = { width: 1280, height: 800 }

export class Looking {
  constructor (url, shots) {
    this.url = url
    this.shots = shots
    this.foreign = []
    this.heavy = []
    mkdirSync(shots, { recursive: true })
  }

  // In a browser of its own, or beside another one that looks.
  async begin (browser) {
    this.isGuest = browser !== undefined
    this.browser = browser ?? await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  }

  // The same device with another screen, or without a script.
  async again (page, options) {
    const storageState = await page.context().storageState()
    return (await this.context({ storageState, ...options })).newPage()
  }

  async context (options) {
    const context = await this.browser.newContext({ viewport: narrow, locale: 'zh-CN', ...options })
    context.on('request', request => {
      if (!request.url().startsWith(this.url + '/')) this.foreign.push(request.url())
    })
    context.on('response', async response => {
      if (!/text\/html/.test(response.headers()['content-type'] ?? '')) return
      const body = await response.body().catch(() => Buffer.alloc(0))
      if (body.length > 60 * 1024) this.heavy.push(`${response.url()} ${body.length}`)
    })
    return context
  }

  async signIn (code, options) {
    const page = await (await this.context(options)).newPage()
    await page.goto(`${this.url}/enter/${code}`)
    await page.click('main button')
    await page.waitForURL(`${this.url}/`)
    return page
  }

  // All that can be folded out is looked at, too.
  async look (page, name) {
    await page.screenshot({ path: `${this.shots}/${name}.png`, fullPage: true })
    const isWide = await page.evaluate(() => {
      document.querySelectorAll('details').forEach(each => { each.open = true })
      return document.documentElement.scrollWidth > window.innerWidth
    })
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice']).analyze()
    told(`${name}: nothing that keeps anybody out`, violations.length === 0,
      violations.map(each => `${each.id} ${each.nodes[0].html.slice(0, 80)}`).join('; '))
    told(`${name}: nothing beside the screen`, !isWide)
  }

  // Opens the form that goes there, fills it in and sends it; of a page or of a part of one.
  async send (page, action, fields, pin) {
    const form = page.locator(`form[action$="${action}"]`).first()
    await form.waitFor({ state: 'attached' })
    const folded = form.locator('xpath=ancestor::details[not(@open)]/summary')
    if (await folded.count() > 0) await folded.first().click()
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name="${name}"]`)
      for (const [i, text] of [value].flat().entries()) {
        if (await field.nth(i).evaluate(each => each.tagName === 'SELECT')) await field.nth(i).selectOption(text)
        else await field.nth(i).fill(text)
      }
    }
    const locked = form.locator('[name=pin]')
    if (await locked.count() > 0) await locked.fill(pin)
    await form.locator('button').first().click()
  }

  async done (page, action, fields, pin, said) {
    await this.send(page, action, fields, pin)
    await page.waitForURL(new RegExp(`said=${said}$`))
  }

  async end () {
    told('no page asks anybody but the node', this.foreign.length === 0, this.foreign.join(' '))
    told('no page weighs more than 60 KB', this.heavy.length === 0, this.heavy.join(' '))
    if (!this.isGuest) await this.browser.close()
  }
}
