// An observer at the page of a village or a township: what happened, when and until when,
// and not a word of what it was about.
// usage: observer.mjs URL CODE NAME RECORD FOLDER-FOR-PICTURES CONTENT…
import { Looking, wide } from './looking.mjs'
import { told, end } from './told.mjs'

const [url, code, name, record, shots, ...contents] = process.argv.slice(2)
const looking = new Looking(url, shots)
await looking.begin()
const page = await looking.signIn(code)

async function look (path, as) {
  await page.goto(url + path)
  const html = await page.content()
  told(`${as}: no content`, !contents.some(each => html.includes(each)))
  told(`${as}: nothing to write`, await page.locator('main textarea, main form[method=post]').count() === 0)
  await looking.look(page, `observer-${name}-${as}`)
}

await look('/', 'today')
told('the menu leads to events', await page.locator('nav a[href="/cases"], nav a[href="/inbox"]').count() === 2 &&
  await page.locator('nav a[href="/search"]').count() === 0)
await look('/cases', 'cases')
const cases = page.locator('main ul.list a')
if (await cases.count() > 0) {
  await look(await cases.first().getAttribute('href'), 'case')
  told('what was done stands there', (await page.locator('#past li').count()) > 2)
}
await look('/inbox', 'inbox')
await look(`/record/${record}`, 'record')
told('what was said stands there without its words', (await page.locator('#past li').count()) > 2)
told('and where it is', (await page.textContent('main')).includes('现在到了哪里'))

const wider = await looking.again(page, { viewport: wide, locale: 'en-US' })
await wider.context().addCookies([{ name: 'lang', value: 'en', url }])
await wider.goto(`${url}/record/${record}`)
told('in English, too', (await wider.textContent('main')).includes('An observer sees what happened'))
await looking.look(wider, `observer-${name}-record-wide`)
told('papers are refused in a sentence', (await page.request.get(`${url}/search?words=水`)).status() !== 500 &&
  (await page.request.get(`${url}/record/${record}/file/012345`)).status() === 403)

await looking.end()
end()
