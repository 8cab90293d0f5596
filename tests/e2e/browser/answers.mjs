// One record and all that can be answered to it: it goes up with a file, is accepted, referred,
// sent onward once the village permits it, decided and ruled on at the county, worked on by a
// department; and then the village takes it back.
// usage: answers.mjs CLIENT HOME FOLDER-FOR-PICTURES NAME=URL...
import { narrow, wide } from './looking.mjs'
import { close, heard, pin, sites } from './site.mjs'
import { told, end } from './told.mjs'

const [client, home, shots, ...wheres] = process.argv.slice(2)
const all = await sites(client, home, shots, wheres)
const { county, township, department, village } = all
const english = { viewport: wide, locale: 'en-GB' }
const judgePin = '135790'
// More than one piece, so that it has to come whole.
const drawing = Buffer.from(Array.from({ length: 9000 }, (_, i) => `第${i}号界桩`).join('\n'))

// ---- the village sends it, with a file
const { number } = village.ask('case', 'new', '--category', '邻里', '--title', '两村共用水渠的清淤',
  '--narrative', '上游三户改道取水，下游五户春灌缺水。', '--context', '去年约定轮灌，今年没有执行。', '--party', '张某:applicant')
village.ask('case', 'triage', number, '--decision', 'escalate', '--beyond', '--reason', '跨村，超出村里权限')
const phone = await village.signIn({ viewport: narrow })
const caseUrl = `${village.looking.url}/case/${number}`
await phone.goto(`${caseUrl}/files`)
await phone.setInputFiles('[name=file]', { name: '水渠图.txt', mimeType: 'text/plain', buffer: drawing })
await village.looking.done(phone, '/files', {}, pin, 'file')
await phone.goto(`${caseUrl}/consents`)
await phone.selectOption('[name=party]', '张某')
for (const field of ['title', 'narrative', 'context']) await phone.check(`[name=fields][value=${field}]`)
await phone.check('[name=file]')
await phone.check('[name=manner][value=oral]')
await village.looking.done(phone, '/consents', { witness: '何某' }, pin, 'consent')
told('that the file may go is among the consents', (await phone.textContent('.rows')).includes('水渠图.txt'))
await phone.goto(`${caseUrl}/escalate`)
for (const field of ['title', 'narrative']) await phone.check(`[name=fields][value=${field}]`)
await phone.check('[name=file]')
await village.looking.send(phone, '/escalate', { reason: '需要两村协商' }, pin)
await phone.waitForSelector('.leaves')
told('the preview names the file', (await phone.textContent('.leaves')).includes('水渠图.txt'))
await village.looking.done(phone, '/escalate/release', {}, pin, 'release')
const record = village.ask('case', 'show', number).sent[0]
const at = (site, page) => page.goto(`${site.looking.url}/record/${record}`)
told('the township has it', heard([village], () => township.ask('inbox').escalations.length === 1))

// ---- the township, at a desk
const desk = await township.signIn(english)
await at(township, desk)
await township.looking.done(desk, '/open', {}, pin, 'open')
const link = desk.locator('a[download="水渠图.txt"]')
for (let i = 0; i < 50 && await link.count() === 0; i++) { // pieces come after the record
  await desk.waitForTimeout(100)
  await at(township, desk)
}
const [download] = await Promise.all([desk.waitForEvent('download'), link.click()])
const chunks = []
for await (const chunk of await download.createReadStream()) chunks.push(chunk)
told('the file comes down at the township byte for byte', Buffer.concat(chunks).equals(drawing))
told('under its name', download.suggestedFilename() === '水渠图.txt', download.suggestedFilename())
await township.looking.done(desk, '/accept', {}, pin, 'answer')
told('the village hears that it was accepted', heard([village], () => village.show(record).state === 'accepted'))
await township.looking.send(desk, '/onward', { reason: '涉及县管设施' }, pin)
await desk.waitForSelector('[role=alert]')
told('what cannot be sent on keeps its reason', await desk.inputValue('form[action$="/onward"] [name=reason]') === '涉及县管设施')
told('without the village it goes no further', county.ask('inbox').escalations.length === 0 &&
  !township.show(record).journal.some(each => each.kind === 'onward'))

// ---- the village permits it
await at(village, phone)
await village.looking.look(phone, 'record-permit')
await village.looking.done(phone, '/permit', {}, pin, 'permit')
told('once it is permitted it is not asked again', await phone.locator('form[action$="/permit"]').count() === 0)
told('the township hears of it', heard([village], () => township.show(record).permitted))
await at(township, desk)
await township.looking.done(desk, '/onward', { reason: '涉及县管设施' }, pin, 'onward')
told('the county has it', heard([township], () => county.ask('inbox').escalations.some(each => each.escalation === record)))
told('the village sees that it went onward', heard([village], () => village.show(record).holders.some(each => each.state === 'onward')))

// ---- the county decides, and a judge rules
county.ask('person', 'add', '方某', '--role', 'judge', '--pin-file', `${home}/pin2`)
const above = await county.signIn({ javaScriptEnabled: false })
await at(county, above)
told('who judges nothing cannot rule', await above.locator('form[action$="/rule"]').count() === 0)
await county.looking.done(above, '/open', {}, pin, 'open')
await county.looking.done(above, '/decide', { text: '县水利局四月底前清淤，费用由县里承担。' }, pin, 'answer')
await at(county, above)
await county.looking.done(above, '/refer', { channel: 'court', text: '赔偿部分双方可以向县法院起诉，带上界桩图。' }, pin, 'answer')
const court = await county.signIn({ viewport: narrow }, '方某')
told('a judge finds the records', await court.locator('nav a[href="/inbox"]').count() === 1)
await at(county, court)
told('and is offered what a judge may do, and nothing else', await court.locator('form[action$="/rule"]').count() === 1 &&
  await court.locator('form[action$="/decide"]').count() === 0)
await county.looking.look(court, 'record-judge')
await county.looking.done(court, '/rule', { text: '改道取水的三户恢复原状。' }, judgePin, 'answer')
told('the village reads decision, referral and ruling', heard([township, village], () => village.says(record, 'decide', '四月底前清淤') &&
  village.says(record, 'refer', 'court') && village.says(record, 'rule', '恢复原状')))

// ---- a department takes part
await at(township, desk)
await township.looking.done(desk, '/invite', { site: department.ask('site').site, text: '请来看水渠。' }, pin, 'invite')
told('the department is reached', heard([township], () => department.ask('inbox').escalations.length === 1))
const guest = await department.signIn({ viewport: narrow })
await guest.goto(`${department.looking.url}/inbox`)
told('the department finds it in its inbox', (await guest.textContent('main')).includes('两村共用水渠的清淤'))
await at(department, guest)
await department.looking.done(guest, '/open', {}, pin, 'open')
await department.looking.done(guest, '/joint', { word: 'working', text: '周三到现场测量。' }, pin, 'answer')
await department.looking.look(guest, 'record-joint')
told('the township hears how far the department is', heard([department], () => township.show(record).joint.some(each => each.word === 'working')))
await at(township, desk)
const shown = await desk.textContent('main')
told('and shows it', shown.includes('周三到现场测量。') && shown.includes('the village has permitted it'))
await township.looking.look(desk, 'record-joint-wide')

// ---- the village takes it back
told('the village hears of that, too', heard([village], () => village.says(record, 'joint', '周三到现场测量')))
await at(village, phone)
const read = await phone.textContent('ol.time')
told('and reads all of it on one page', ['四月底前清淤', '恢复原状', '周三到现场测量'].every(each => read.includes(each)))
await village.looking.look(phone, 'record-answers')
await village.looking.done(phone, '/recall', { reason: '当事人已和解' }, pin, 'recall')
const recall = () => village.ask('recall', 'list').recalls[0]
told('all that had it have erased it', heard([village, township, department], () => recall().missing.length === 0 && recall().answered.length === 3))
await at(township, desk)
const left = await desk.textContent('main')
told('the township is told so, and has nothing of it left', left.includes('recalled this record') &&
  !['水渠的清淤', '春灌缺水', '轮灌', '水渠图'].some(each => left.includes(each)))
told('nor has its client', !JSON.stringify(township.ask('show', record)).includes('春灌缺水'))
told('nor has it the file', !(await desk.request.get(`${township.looking.url}${new URL(download.url()).pathname}`)).ok())
await township.looking.look(desk, 'record-recalled-wide')
await phone.goto(`${village.looking.url}/recalls`)
const names = await phone.textContent('main')
told('the village sees each by name', ['示例县', '青河镇', '县水利局'].every(each => names.includes(each)))
await village.looking.look(phone, 'recalls-answered')

await close(all)
end()
