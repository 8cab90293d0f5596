// The desk of a township: a record is opened before it is answered, and then it is advised,
// graded, given a task; another one is returned, without a script.
// usage: desk.mjs URL CODE-OF-THE-DESK CODE-OF-THE-STEWARD RECORD RECORD FOLDER-FOR-PICTURES
import { Looking, wide } from './looking.mjs'
import { readFileSync } from 'node:fs'
import { told, end } from './told.mjs'

const [url, code, stewardCode, first, second, shots] = process.argv.slice(2)
const looking = new Looking(url, shots)
await looking.begin()

const page = await looking.signIn(code)
told('the desk has no way to the cases', await page.locator('nav a[href="/cases"]').count() === 0)
told('its day begins with what waits for an answer', (await page.textContent('main')).includes('等本单位答复'))
await looking.look(page, 'today-desk')
await page.goto(`${url}/inbox`)
told('what is due stands at the head', (await page.locator('main ul.list').first().textContent()).includes('等本单位答复'))
await looking.look(page, 'inbox-narrow')
await page.goto(`${url}/inbox?filter=1&state=returned`)
told('a filter that nothing fits says so', (await page.textContent('main')).includes('没有符合条件'))

await page.goto(`${url}/record/${first}`)
const text = await page.textContent('main')
told('the context stands first', text.indexOf('来龙去脉') < text.indexOf('为什么上报'))
told('who consented to what is there', text.includes('张某') && text.includes('当事人的同意'))
told('nothing can be answered that was not opened', await page.locator('form[action$="/advise"]').count() === 0)
await looking.look(page, 'record-unopened')
await looking.send(page, '/open', {}, '000000')
await page.waitForSelector('[role=alert]')
told('a wrong PIN opens nothing', await page.locator('form[action$="/open"]').count() === 1)
await looking.done(page, '/open', {}, '135790', 'open')
await looking.done(page, '/advise', { text: '请两村各推两名代表，周四到镇里协商。' }, '135790', 'answer')
await looking.done(page, '/grade', { word: '一般', reason: '没有人身危险' }, '135790', 'grade')
await looking.done(page, '/task', { text: '测量水渠', owner: '镇水利员', due: '2030-01-05' }, '135790', 'task')
told('the task stands there until it is done', await page.locator('form[action$="/task_done"]').count() === 1)
await looking.done(page, '/task_done', {}, '135790', 'task-done')
told('and then no more', await page.locator('form[action$="/task_done"]').count() === 0)
told('without a county there is nobody to send it on to', await page.locator('form[action$="/onward"]').count() === 0)
await looking.look(page, 'record-answered')
await page.request.post(`${url}/lock`, { form: { mark: await page.getAttribute('body', 'data-mark') } })
await page.goto(`${url}/record/${first}`)
const taken = page.waitForEvent('download')
await looking.send(page, '/evidence', {}, '135790')
const evidence = await taken
told('the evidence can be taken away, with the PIN', evidence.suggestedFilename() === `evidence-${first.slice(0, 12)}` &&
  readFileSync(await evidence.path()).length > 1000)
await page.goto(`${url}/inbox?state=returned`)
const list = page.waitForEvent('download')
await looking.send(page, '/inbox/export', {}, '135790')
const table = readFileSync(await (await list).path(), 'utf8')
told('so can a list, as it is filtered', table.startsWith('\ufeff上报件编号') && table.split('\r\n').length === 2)
await page.goto(`${url}/policy`)
await looking.look(page, 'policy')
told('no case, no page of cases', (await page.request.get(`${url}/due-table`)).status() === 403)

// ---- an old laptop without a script; then the same with one, in English
const old = await looking.signIn(stewardCode, { javaScriptEnabled: false })
await old.goto(`${url}/record/${second}`)
await looking.done(old, '/open', {}, '246810', 'open')
await looking.done(old, '/return', { text: '先按村规民约调解一次，再来。' }, '246810', 'answer')
told('the return stands in the conversation', (await old.textContent('ol.time')).includes('先按村规民约'))
await old.goto(`${url}/agenda`)
await looking.done(old, '/agenda/meeting', { day: '2030-01-02', text: '第一周' }, '246810', 'meeting')
await looking.done(old, '/item', { escalation: first, text: '现场看一次水渠', owner: '镇水利员', due: '2030-01-09' }, '246810', 'meeting-item')
const desk = await looking.again(old, { viewport: wide, locale: 'en-GB', javaScriptEnabled: true })
await desk.goto(old.url())
await looking.look(desk, 'meeting-wide')
for (const [path, name] of [['/agenda', 'agenda-wide'], ['/inbox', 'inbox-wide'], [`/record/${second}`, 'record-wide']]) {
  await desk.goto(url + path)
  await looking.look(desk, name)
}
told('and in English', (await desk.textContent('main')).includes('Where it is now'))
await desk.goto(old.url())
await looking.done(desk, '/done', {}, '246810', 'meeting-done')

await looking.end()
end()
