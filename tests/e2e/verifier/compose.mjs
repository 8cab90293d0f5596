// Ops at the limits of size, too large for a file of vectors.
import { ed25519 } from '@noble/curves/ed25519';
import { blake2b } from '@noble/hashes/blake2b';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { preimage } from './op.mjs';

const seed = new Uint8Array(32).fill(7);
const secret = new Uint8Array(32).fill(9);
const bin32 = (bytes) => concatBytes(Uint8Array.of(0xc4, 32), bytes);
const str = (text) => concatBytes(Uint8Array.of(0xa0 + text.length), utf8ToBytes(text));

// A str, encoded, of that many bytes in all.
function textOf(encodedLen) {
  const len = encodedLen - (encodedLen > 65538 ? 5 : 3);
  const head = len > 0xffff ? [0xdb, len >> 24, len >> 16, len >> 8, len]
    : [0xda, len >> 8, len];
  return concatBytes(Uint8Array.from(head), new Uint8Array(len).fill(0x78));
}

// A note with these encoded values, its contents as [secret, fields].
function compose(network, values) {
  const fields = values.map((value, i) => ({ name: String.fromCharCode(97 + i), value }));
  const head = concatBytes(Uint8Array.of(16), bin32(new Uint8Array(32).fill(1)), str('note'),
    bin32(ed25519.getPublicKey(seed)), Uint8Array.of(0x91), bin32(new Uint8Array(32).fill(2)),
    Uint8Array.of(0x91), bin32(new Uint8Array(32).fill(3)), Uint8Array.of(2, 0, 0));
  const count = Uint8Array.of(0x80 + fields.length);
  const commitments = fields.map(({ name, value }) => {
    const domain = (text) => concatBytes(utf8ToBytes(text), Uint8Array.of(0));
    const salt = blake2b(concatBytes(domain('fengqiao/1/salt'), utf8ToBytes(name)),
      { key: secret, dkLen: 16 });
    const commitment = blake2b(concatBytes(domain('fengqiao/1/field'), salt,
      Uint8Array.of(name.length), utf8ToBytes(name), value), { dkLen: 32 });
    return concatBytes(str(name), bin32(commitment));
  });
  const header = concatBytes(Uint8Array.of(0x9a), head, count, ...commitments);
  const signature = ed25519.sign(preimage(network, header), seed);
  return concatBytes(Uint8Array.of(0x9b), head, Uint8Array.of(0x92), bin32(secret), count,
    ...fields.map(({ name, value }) => concatBytes(str(name), value)),
    Uint8Array.of(0xc4, 64), signature);
}

// [{what, bytes, verdict}]
export function composeLarge(network) {
  const value = 64 * 1024;
  const rest = 32 * 1024; // with the value: 96 KiB together
  return [
    { what: 'a value of 64 KiB', verdict: 'ok', bytes: compose(network, [textOf(value)]) },
    { what: 'a value of 64 KiB and 1', verdict: 'refused',
      bytes: compose(network, [textOf(value + 1)]) },
    { what: 'a value far over 64 KiB', verdict: 'refused',
      bytes: compose(network, [textOf(value + 1000)]) },
    { what: 'values of 96 KiB together', verdict: 'ok',
      bytes: compose(network, [textOf(value), textOf(rest)]) },
    { what: 'values of 96 KiB and 1', verdict: 'refused',
      bytes: compose(network, [textOf(value), textOf(rest + 1)]) },
  ];
}
