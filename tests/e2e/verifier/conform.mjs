// One fengqiao-conform process, asked over its standard input.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ANSWER_MS = 30_000;

export class Conform {
  constructor(program) {
    this.waiting = [];
    this.child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.waiting.shift()?.resolve(line);
    });
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', () => this.fail(new Error('fengqiao-conform ended')));
  }

  fail(error) {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  // The answer to one request. Many may be under way; answers come in order.
  ask(request) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), ANSWER_MS);
      const settle = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      this.waiting.push({ resolve: settle(resolve), reject: settle(reject) });
      this.child.stdin.write(`${request}\n`);
    });
  }

  close() {
    this.child.removeAllListeners('exit');
    this.child.stdin.end();
    this.child.kill();
  }
}
