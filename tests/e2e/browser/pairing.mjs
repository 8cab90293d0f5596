// Two sites pair by what their pages show: the township asks for words, the village types
// them; then the township says how much the village may bring.
// usage: pairing.mjs CLIENT HOME FOLDER-FOR-PICTURES ADDRESS-OF-THE-TOWNSHIP NAME=URL...
import { wide } from './looking.mjs'
import { close, pin, sites } from './site.mjs'
import { told, end } from './told.mjs'

const [client, home, shots, address, ...wheres] = process.argv.slice(2)
const all = await sites(client, home, shots, wheres)
const { township, village } = all
const english = { viewport: wide, locale: 'en-GB' }
const of = (site, name) => site.ask('status').peers.find(each => each.name === name)

const above = await township.signIn(english)
await above.goto(`${township.looking.url}/peers`)
await township.looking.send(above, '/peers/invite', {}, pin)
const words = (await above.locator('.code').textContent()).trim()
told('the township gets six words', words.split(' ').length === 6, words)
await township.looking.look(above, 'peers-invited-wide')

// ---- an old phone without a script
const below = await village.signIn({ javaScriptEnabled: false })
await below.goto(`${village.looking.url}/peers`)
await village.looking.send(below, '/peers/join', { code: words, at: address.split(':')[0] }, pin)
await below.waitForSelector('[role=alert]')
told('an address without a port is none, and the words stay', await below.inputValue('[name=code]') === words)
await village.looking.send(below, '/peers/join', { code: words.replace(/^\S+/, 'abcd'), at: address }, pin)
await below.waitForSelector('[role=alert]')
told('nor are other words', village.ask('status').peers.length === 0)
const refusal = await below.textContent('[role=alert]')
told('and it is said in Chinese', /[一-龥]/.test(refusal) && !/[a-z]{5}/.test(refusal), refusal)
await village.looking.send(below, '/peers/join', { code: words, at: address }, pin)
await below.waitForSelector('section[role=status] .code')
const check = (await below.textContent('section[role=status] .code')).trim()
told('the village is told two words to compare', check.split(' ').length === 2, check)
told('and with whom', (await below.textContent('section[role=status]')).includes('青河镇'))
const phone = await village.looking.again(below, { javaScriptEnabled: true })
village.sync()
await above.goto(`${township.looking.url}/peers`)
told('the township sees the same two words', (await above.locator('section.card', { hasText: '枫源村' }).textContent()).includes(check))
await phone.goto(`${village.looking.url}/peers`)
told('and the village goes on seeing them', (await phone.textContent('main')).includes(check))
await village.looking.look(phone, 'peers-paired')
told('each is the other one’s peer', of(village, '青河镇').is_parent && of(township, '枫源村').is_parent === false)
told('as both charters say', village.ask('site').links.some(each => each.name === '青河镇' && each.both))
await village.looking.send(phone, '/peers/join', { code: words, at: address }, pin)
await phone.waitForSelector('[role=alert]')
told('the words were for once', true)

// ---- how much it may bring
const card = above.locator('section.card', { hasText: '枫源村' })
await township.looking.send(card, '/peers/quota', { ops: 'many' }, pin)
await above.waitForSelector('[role=alert]')
told('a quota is a number', of(township, '枫源村').ops_max !== 4321)
await township.looking.send(card, '/peers/quota', { ops: '4321' }, pin)
await above.waitForURL(/said=quota$/)
told('and then it holds', of(township, '枫源村').ops_max === 4321)
told('for that site alone', of(village, '青河镇').ops_max !== 4321)

await close(all)
end()
