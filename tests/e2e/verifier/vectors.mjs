// Reads tests/vectors/ops.txt.
import { readFileSync } from 'node:fs';

export function fromHex(text) {
  return new Uint8Array(Buffer.from(text === '-' ? '' : text, 'hex'));
}

export function toHex(bytes) {
  return bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex');
}

// [{name, verdict, bytes, …}], fields as [{name, salt, commitment, value}] in hex.
export function readVectors(path) {
  const paragraphs = readFileSync(path, 'utf8').split('\n\n').slice(1);
  return paragraphs.filter((text) => text.trim() !== '').map((text) => {
    const vector = { fields: [] };
    for (const line of text.trim().split('\n')) {
      const at = line.indexOf('=');
      const key = line.slice(0, at);
      const value = line.slice(at + 1);
      if (key === 'field') {
        const [name, salt, commitment, shown] = value.split(' ');
        vector.fields.push({ name, salt, commitment, value: shown });
      } else {
        vector[key] = value;
      }
    }
    return vector;
  });
}
