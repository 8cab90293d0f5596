// What a steward of a township does at the page when something is wrong below: a village that
// lost what it had confirmed, and words that did not hold when they came.
// usage: apart.mjs CLIENT HOME FOLDER-FOR-PICTURES NAME=URL
import { narrow } from './looking.mjs'
import { close, pin, sites } from './site.mjs'
import { told, end } from './told.mjs'

const [client, home, shots, ...wheres] = process.argv.slice(2)
const all = await sites(client, home, shots, wheres)
const { township } = all
const page = await township.signIn({ viewport: narrow })
const at = path => page.goto(township.looking.url + path)
const alarms = () => township.ask('status').peers.find(each => each.name === '枫源村').alarms
const apart = () => township.ask('quarantine', 'list').rows

told('the day begins with the alarm', (await page.textContent('main')).includes('请先查清'))
await township.looking.look(page, 'today-alarm')
await page.click('main a[href="/peers"]')
const card = page.locator('section.card', { hasText: '枫源村' })
told('the alarm stands at the village', (await card.textContent()).includes('恢复了旧备份'))
await township.looking.look(page, 'peers-alarm')
await township.looking.send(page, '/peers/clear', {}, '000000')
await page.waitForSelector('[role=alert]')
told('a wrong passphrase clears nothing', alarms().length === 1)
await township.looking.done(page, '/peers/clear', {}, pin, 'clear')
told('who looked into it clears it', alarms().length === 0 && await page.locator('form[action$="/clear"]').count() === 0)

await at('/quarantine')
const [first, second] = apart().sort((a, b) => a.number - b.number)
const text = await page.textContent('main')
told('what is set apart says from whom and why', text.includes('枫源村') && text.includes('签名或校验不符'), text)
await township.looking.look(page, 'quarantine-two')
const raw = await page.request.get(`${township.looking.url}/quarantine/${second.number}`)
told('its bytes can be taken away', (await raw.body()).length === second.size && /attachment/.test(raw.headers()['content-disposition']))
await township.looking.send(page, `/quarantine/${second.number}/retry`, {}, pin)
await page.waitForSelector('[role=alert]')
told('what does not hold stays', apart().length === 2)
told('and it is said why', (await page.textContent('[role=alert]')).includes('签名或校验不符'), await page.textContent('[role=alert]'))
await township.looking.done(page, `/quarantine/${first.number}/retry`, {}, pin, 'retry')
told('what holds now is taken', apart().length === 1)
await township.looking.done(page, `/quarantine/${second.number}/drop`, {}, pin, 'drop')
told('what nobody needs is dropped', apart().length === 0 && (await page.textContent('main')).includes('收到的都通过了检查'))

await close(all)
end()
