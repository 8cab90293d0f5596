// What a village's page gives out for a stick, part by part, the township's page takes; and back.
// usage: sticks.mjs CLIENT HOME FOLDER-FOR-PICTURES TOWNSHIP=URL VILLAGE=URL RECORD
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { narrow, wide } from './looking.mjs'
import { close, pin, sites } from './site.mjs'
import { told, end } from './told.mjs'

const [client, home, shots, ...wheres] = process.argv.slice(2)
const record = wheres.pop()
const all = await sites(client, home, shots, wheres)
const { township, village } = all
const carried = `${home}/carried`
mkdirSync(carried, { recursive: true })

// Presses the button of that form and keeps what the browser saves; its name.
async function take (looking, page, action, prefix, secret) {
  const [download] = await Promise.all([page.waitForEvent('download'), looking.send(page, action, {}, secret)])
  const name = download.suggestedFilename()
  copyFileSync(await download.path(), `${carried}/${prefix}${name}`)
  return name
}
async function handIn (site, page, names) {
  await page.goto(`${site.looking.url}/courier`)
  await page.setInputFiles('form[action="/courier/read"] [name=file]', names.map(name => `${carried}/${name}`))
  await page.click('form[action="/courier/read"] button')
  await page.locator('main .rows').waitFor()
  return page.textContent('main .rows')
}

// ---- up, with a script, on a phone
const phone = await village.signIn({ viewport: narrow })
await phone.goto(`${village.looking.url}/courier`)
told('a record waits, and its file', (await phone.textContent('main')).includes('新上报 1 件、附件 1 个'))
await village.looking.look(phone, 'courier')
await phone.click('main a.button[href^="/courier/"]')
const page = phone.url()
await village.looking.look(phone, 'courier-first')
const names = [await take(village.looking, phone, '/write', '', pin)]
await phone.locator('form[action$="/next"]').waitFor()
told('the page says by itself what comes next', (await phone.textContent('#parts')).includes('fengqiao-002.age'))
told('where the page is', phone.url() === page)
await village.looking.look(phone, 'courier-next')
names.push(await take(village.looking, phone, '/next', '', pin))
for (let i = 0; i < 8; i++) {
  await phone.goto(page)
  if (await phone.locator('form[action$="/done"]').count() > 0) break
  names.push(await take(village.looking, phone, '/next', '', pin))
}
told('each part has the name that a stick wants', names.every((name, i) => name === `fengqiao-00${i + 1}.age`), names.join(' '))
told('and there are several', names.length > 2, names.join(' '))
await village.looking.look(phone, 'courier-all')
await village.looking.done(phone, '/done', {}, pin, 'bundle')
told('it is on its way', (await phone.textContent('main')).includes('还没有回音'))

// ---- it is handed in, with a file that is none
const desk = await township.signIn({ viewport: wide, locale: 'en-GB' })
writeFileSync(`${carried}/fengqiao-900.age`, 'damaged on its way')
const said = await handIn(township, desk, [...names, 'fengqiao-900.age'])
told('each file says what it came to', names.every(name => said.includes(name)) && said.includes('枫源村'))
told('and the one that is none says why', said.includes('changed or cut short'))
await township.looking.look(desk, 'courier-handed-wide')
told('the record is there', township.ask('inbox').escalations.some(each => each.escalation === record))
told('twice does no harm', !(await handIn(township, desk, names)).includes('not read'))

// ---- and down, without a script and for old eyes
township.ask('open', record)
township.ask('advise', record, '先修南边的渠')
const plain = await township.looking.again(desk, { viewport: narrow, javaScriptEnabled: false, locale: 'en-GB' })
await plain.goto(`${township.looking.url}/courier`)
await plain.click('footer form[action="/view"] button')
await plain.screenshot({ path: `${shots}/courier-large.png`, fullPage: true })
await plain.click('main a.button[href^="/courier/"]')
await plain.screenshot({ path: `${shots}/courier-first-large.png`, fullPage: true })
const down = [await take(township.looking, plain, '/write', 'down-', pin)]
await plain.click('#parts a[href^="/courier/"]')
told('without a script a press shows what comes next', await plain.locator('form[action$="/done"]').count() === 1)
await township.looking.done(plain, '/done', {}, pin, 'bundle')
const home2 = await village.looking.again(phone, { viewport: narrow, javaScriptEnabled: false })
await handIn(village, home2, down.map(name => `down-${name}`))
await phone.goto(`${village.looking.url}/courier`)
told('the village has its answer, and nothing waits', (await phone.textContent('main')).includes('没有要带的'))
await home2.screenshot({ path: `${shots}/courier-handed.png`, fullPage: true })

// ---- the other file on a stick: the backup, of which the day tells a steward alone
const begins = async () => {
  await phone.goto(`${village.looking.url}/`)
  return phone.textContent('main')
}
told('a village without a backup says so each day', (await begins()).includes('还没有备份'))
await village.looking.look(phone, 'today-no-backup')
mkdirSync(`${home}/backup`)
village.ask('backup', 'write', '--stick', `${home}/backup`)
const backedUp = await begins()
told('and then when it was', backedUp.includes('上次备份：20') && !backedUp.includes('--stick'))
await village.looking.look(phone, 'today-backup')

await close(all)
end()
