// A site of the tests from two sides: its page, and its client, which says whether what a page
// said is so.
import { execFileSync } from 'node:child_process'
import { Looking } from './looking.mjs'

export const pin = '246810'

export class Site {
  // Where: NAME=URL, its folder NAME in home.
  constructor (client, home, shots, where) {
    const [name, url] = where.split('=')
    this.client = client
    this.dir = `${home}/${name}`
    this.looking = new Looking(url, shots)
  }

  ask (...words) {
    return JSON.parse(execFileSync(this.client, ['--dir', this.dir, ...words, '--json'],
      { encoding: 'utf8', timeout: 25000, stdio: ['ignore', 'pipe', 'inherit'] }))
  }

  // The record as this site sees it, when it has heard all that there is.
  show (record) {
    return this.ask('show', record).view
  }

  says (record, kind, text) {
    return this.show(record).journal.some(each => each.kind === kind && JSON.stringify(each.fields).includes(text))
  }

  sync () {
    this.ask('sync', '--wait', '--timeout', '20')
  }

  signIn (options, person) {
    const { code } = this.ask('device', 'invite', ...(person ? ['--person', person] : []))
    return this.looking.signIn(code, options)
  }
}

// Does it hold once these have spoken to their peers? An answer to what they said may take
// another round.
export function heard (speakers, holds) {
  for (let i = 0; i < 5; i++) {
    for (const site of speakers) site.sync()
    if (holds()) return true
  }
  return false
}

// Sites on one browser, each by its name.
export async function sites (client, home, shots, wheres) {
  const all = {}
  let browser
  for (const where of wheres) {
    const site = new Site(client, home, shots, where)
    await site.looking.begin(browser)
    browser = site.looking.browser
    all[where.split('=')[0]] = site
  }
  return all
}
export async function close (all) {
  for (const site of Object.values(all).reverse()) await site.looking.end()
}
