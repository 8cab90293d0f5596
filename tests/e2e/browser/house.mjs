// A village's steward at the page: people and their devices, rounds, plan cards, rules,
// dates, pairing; and what the township said is declined and recalled.
// usage: house.mjs URL CODE RECORD FOLDER-FOR-PICTURES
import { Looking } from './looking.mjs'
import { told, end } from './told.mjs'

const [url, code, record, shots] = process.argv.slice(2)
const pin = '246810'
const looking = new Looking(url, shots)
await looking.begin()
const page = await looking.signIn(code)
const at = path => page.goto(url + path)

await at('/more')
await looking.look(page, 'more')
await at('/people')
await looking.send(page, '/people/add', { name: '王某', role: 'mediator', new: ['135790', '135791'] }, pin)
await page.waitForSelector('[role=alert]')
told('a PIN is typed twice', await page.inputValue('[name=name]') === '王某')
told('and does not come back', await page.locator('[name=new]').first().inputValue() === '')
await looking.done(page, '/people/add', { name: '王某', role: 'mediator', new: ['135790', '135790'] }, pin, 'person')
await looking.send(page, '/people/invite', {}, pin)
await page.locator('.code').waitFor()
const invited = (await page.textContent('.code')).trim()
told('a device is invited by letters, a link and a picture', /^[a-z2-7]{26}$/.test(invited) &&
  await page.locator(`a[href="${url}/enter/${invited}"]`).count() === 1 && await page.locator('svg.qr').count() === 1)
await looking.look(page, 'people')
await at('/peers')
await looking.done(page, '/peers/sync', {}, pin, 'sync')
await looking.send(page, '/peers/invite', {}, pin)
await page.locator('.code').waitFor()
told('a site is invited by words', (await page.textContent('.code')).trim().split(' ').length > 3)
await looking.look(page, 'peers')

await at('/rounds')
await looking.done(page, '/rounds/list', { title: '汛期排查', places: '村口水井\n\n老桥', topics: '防溺水\n滑坡' }, pin, 'list')
await looking.done(page, '/rounds/begin', { list: '汛期排查', day: '2030-01-02' }, pin, 'round')
told('each place with each topic is to be looked at', await page.locator('button[name=spot]').count() === 4)
await looking.look(page, 'round')
await page.locator('button[name=spot]').first().click()
await page.waitForURL(/said=look$/)
told('what was looked at is no more in the list', await page.locator('button[name=spot]').count() === 3)
await looking.done(page, '/finding', { place: '老桥', topic: '滑坡', text: '桥头护栏松动' }, pin, 'finding')
await looking.done(page, '/case', { category: '其他', title: '桥头护栏' }, pin, 'case-new')

await at('/cards')
await looking.done(page, '/cards/set', {
  title: '汛期转移', trigger: '黄色以上暴雨预警', role: ['组长', '联络'], 'role-who': ['陈某', '王某'],
  step: ['通知各户', '清点人数'], 'step-role': ['联络', '组长'], 'step-days': ['0', '1']
}, pin, 'card')
await looking.done(page, '/card/activate', { category: '其他', day: '2030-01-02', reason: '今晚有大雨' }, pin, 'activate')
told('a card became the tasks of a case', await page.locator('a[href^="/case/20"]').count() === 1)
await looking.look(page, 'card')
await at('/rules')
await looking.done(page, '/rules/add', {
  title: '村规民约', version: '2030', clauses: '第一条 邻里和睦。\n第二条　水渠按户轮灌。'
}, pin, 'rules')
told('each line is a clause', (await page.textContent('main')).includes('水渠按户轮灌') && await page.locator('dt', { hasText: '第二条' }).count() === 1)
await looking.look(page, 'rules')

await at('/due-table')
await looking.done(page, '/due-table/set', { wait: 'settle', days: '20' }, pin, 'due')
await looking.look(page, 'due-table')
await at('/due-table')
await looking.done(page, '/due-table/reset', {}, pin, 'due')
await at('/retention')
await looking.done(page, '/retention/set', { category: '邻里', years: '3' }, pin, 'retention')
await looking.look(page, 'retention')
for (const path of ['/quarantine', '/recalls', '/settings']) {
  await at(path)
  await looking.look(page, path.slice(1))
}

await at(`/record/${record}`)
told('the village sees how far its record came', (await page.locator('ol.steps').first().textContent()).includes('已查看'))
await looking.done(page, '/decline', { text: '村里已经谈妥。' }, pin, 'decline')
await looking.done(page, '/recall', { reason: '当事人已和解' }, pin, 'recall')
told('a recall says so', (await page.textContent('main')).includes('本村已撤回'))

await looking.end()
end()
