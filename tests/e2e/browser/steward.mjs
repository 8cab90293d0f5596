// A village at its page: danger to life, from the mediator who cannot wait to the steward who
// stands by it; what is sealed of a party; for how long cases are kept; and the same page for
// old eyes and at night.
// usage: steward.mjs CLIENT HOME FOLDER-FOR-PICTURES NAME=URL...
import { narrow, wide } from './looking.mjs'
import { close, heard, pin, sites } from './site.mjs'
import { told, end } from './told.mjs'

const [client, home, shots, ...wheres] = process.argv.slice(2)
const all = await sites(client, home, shots, wheres)
const { township, village } = all
const mediatorPin = '135790'
const { looking } = village

// ---- danger to life
village.ask('person', 'add', '李某', '--role', 'mediator', '--pin-file', `${home}/pin2`)
const { number } = village.ask('case', 'new', '--category', '邻里', '--title', '持刀堵门', '--narrative', '李某持刀堵在张某门口。',
  '--context', '两家因宅基地争执三年。', '--party', '张某:applicant', '--party', '李某:respondent')
const caseUrl = `${looking.url}/case/${number}`
const phone = await village.signIn({ viewport: narrow }, '李某')
await phone.goto(`${caseUrl}/triage`)
await phone.check('[name=danger]')
await phone.check('[name=decision][value=escalate]')
await looking.done(phone, '/triage', { reason: '有人持刀' }, mediatorPin, 'triage')
await phone.goto(`${caseUrl}/escalate`)
await phone.check('[name=fields][value=title]')
await looking.send(phone, '/escalate', { reason: '请镇里马上来人', danger: '对方持刀，来不及征求同意。' }, mediatorPin)
await phone.waitForSelector('.leaves')
told('the preview says what the parties will read', (await phone.textContent('.leaves')).includes('来不及征求同意'))
told('and no field waits for a consent any more', (await phone.textContent('main')).includes('不等同意') && !(await phone.textContent('main')).includes('还不能上报'))
await looking.look(phone, 'danger-preview')
await looking.done(phone, '/escalate/release', {}, mediatorPin, 'release')
told('a mediator sends it, and it waits for a steward', village.ask('status').unconfirmed.length === 1)
told('which the case says', (await phone.textContent('main')).includes('等待管理员确认'))
told('and a mediator does not confirm', await phone.locator('form[action$="/confirm"]').count() === 0)
const [record] = village.ask('case', 'show', number).sent
told('the township has it at once', heard([village], () => township.ask('inbox').escalations.some(each => each.escalation === record)))
const desk = await township.signIn({ viewport: wide, locale: 'en-GB' })
await desk.goto(`${township.looking.url}/`)
told('and its day begins with it', (await desk.locator('main .list li').first().textContent()).includes('danger to life'))
await desk.goto(`${township.looking.url}/inbox`)
told('as does its inbox', (await desk.locator('main .list li').first().textContent()).includes('danger to life'))
await township.looking.look(desk, 'inbox-danger-wide')
await desk.goto(`${township.looking.url}/record/${record}`)
const before = await desk.textContent('main')
told('the township reads the danger and that nobody has confirmed it', before.includes('对方持刀') && before.includes('No steward of the village has confirmed'))
await township.looking.look(desk, 'record-danger-wide')
const page = await village.signIn({ viewport: narrow })
told('the steward’s day begins with it', (await page.textContent('main')).includes('等待管理员确认'))
await looking.look(page, 'today-danger')
await page.click('main a[href^="/record/"]')
await looking.done(page, '/confirm', { text: '情况属实。' }, pin, 'confirm')
told('who confirms it is not asked again', village.ask('status').unconfirmed.length === 0)
told('the township hears that she did', heard([village], () => township.show(record).danger.confirmed))
await desk.reload()
told('and the township reads that, too', (await desk.textContent('main')).includes('A steward of the village has confirmed'))

// ---- what is sealed
await page.goto(`${caseUrl}/identity`)
await looking.done(page, '/identity', { party: '张某', phone: '13855550000' }, pin, 'identity')
told('a page shows nothing of it', !(await page.content()).includes('13855550000'))
await looking.send(page, '/identity/show', { party: '张某' }, '000000')
await page.waitForSelector('[role=alert]')
told('nor with a wrong passphrase', !(await page.content()).includes('13855550000'))
await looking.send(page, '/identity/show', { party: '张某' }, pin)
await page.locator('dd', { hasText: '13855550000' }).waitFor()
await looking.look(page, 'identity-shown')
told('with the right one it stands there once', !(await (await page.goto(`${caseUrl}/identity`)).text()).includes('13855550000'))
told('and that it was looked at stands in the case', village.ask('case', 'show', number).view.journal.some(each => each.kind === 'identity-shown'))

// ---- how long it is kept
const rules = () => village.ask('retention', 'list')
const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10) // as the village counts
await page.goto(`${looking.url}/retention`)
await looking.done(page, '/retention/set', { category: '邻里', years: '7', identity_years: '2' }, pin, 'retention')
told('the years are those of the node', rules().rules.some(each => each.category === '邻里' && each.years === 7 && each.identity_years === 2))
await looking.send(page, '/retention/clock', { today: '2020-01-01' }, pin)
await page.waitForSelector('[role=alert]')
told('another day is not believed', !rules().is_trusted)
await looking.done(page, '/retention/clock', { today }, pin, 'clock')
told('the day of the calendar is', rules().is_trusted)
await looking.done(page, '/retention/keep', { case: number, reason: '正在诉讼' }, pin, 'retention')
told('a case that is kept says so', village.ask('case', 'show', number).view.journal.some(each => each.kind === 'keep'))
await looking.look(page, 'retention-set')

// ---- old eyes, and the night
const size = (it, selector) => it.evaluate(each => parseFloat(getComputedStyle(document.querySelector(each)).fontSize), selector)
const targets = it => it.$$eval('button, .button, .menu a, summary, main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select',
  all => all.filter(each => each.offsetParent && each.getBoundingClientRect().height < 44).map(each => each.outerHTML.slice(0, 80)))
await page.goto(caseUrl)
told('letters have 18 px', await size(page, 'body') >= 18)
const small = await targets(page)
told('what is pressed has 44 px', small.length === 0, small.join(' '))
await page.click('form[action="/view"] button')
for (const [path, name] of [['', 'case'], ['/escalate', 'escalate']]) {
  await page.goto(caseUrl + path)
  await looking.look(page, `large-${name}`)
}
told('in the elder view letters have 22 px', await size(page, 'main p') >= 22, String(await size(page, 'main p')))
const night = await looking.again(page, { colorScheme: 'dark' })
for (const [url, name] of [[`${looking.url}/`, 'today'], [`${looking.url}/record/${record}`, 'record'], [`${looking.url}/about/style`, 'style']]) {
  await night.goto(url)
  await looking.look(night, `dark-${name}`)
}
told('at night the paper is dark', await night.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).every(each => each < 64)))

await close(all)
end()
