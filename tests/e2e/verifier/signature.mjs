// The signature rule of PROTOCOL.md §4, on points.
import { ed25519 } from '@noble/curves/ed25519';
import { sha512 } from '@noble/hashes/sha2';

const Point = ed25519.Point;
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function littleEndian(bytes) {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value;
}

// The point of a canonical encoding, or null.
function decodePoint(bytes) {
  if (bytes.length !== 32) return null;
  const whole = littleEndian(bytes);
  const y = whole & (2n ** 255n - 1n);
  const isNegative = whole >> 255n === 1n;
  if (y >= P) return null;
  let point;
  try {
    point = Point.fromHex(bytes, true);
  } catch {
    return null;
  }
  const { x } = point.toAffine();
  return x === 0n && isNegative ? null : point;
}

function isOfSmallOrder(point) {
  return point.double().double().double().equals(Point.ZERO);
}

// [scalar]point by doubling and adding: neither secret nor in a hurry.
function multiply(point, scalar) {
  let sum = Point.ZERO;
  for (let power = point; scalar > 0n; scalar >>= 1n, power = power.double()) {
    if (scalar & 1n) sum = sum.add(power);
  }
  return sum;
}

export function isKeySound(key) {
  const point = decodePoint(key);
  return point !== null && !isOfSmallOrder(point) && multiply(point, L).equals(Point.ZERO);
}

export function verify(signature, key, message) {
  if (signature.length !== 64 || !isKeySound(key)) return false;
  const encodedR = signature.subarray(0, 32);
  const S = littleEndian(signature.subarray(32));
  if (S >= L) return false;
  const R = decodePoint(encodedR);
  if (R === null || isOfSmallOrder(R)) return false;
  const k = littleEndian(
    sha512.create().update(encodedR).update(key).update(message).digest()) % L;
  const A = decodePoint(key);
  return multiply(Point.BASE, S).equals(R.add(multiply(A, k)));
}
