// What a script of this folder found out, a line each; browser.sh counts them.
let failed = 0
export function told (what, holds, why = '') {
  console.log(`${holds ? 'ok     ' : 'FAILED '} ${what}${holds || !why ? '' : ': ' + why}`)
  if (!holds) failed++
}
export function end () {
  process.exitCode = failed === 0 ? 0 : 1
}
