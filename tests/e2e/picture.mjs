// Pictures as other programs make and read them: cjpeg and zlib write them, exiftool tells
// everything about them, we clean them; then exiftool finds nothing that tells of a maker,
// djpeg the same pixels, pngcheck a sound file.
//   node picture.mjs CONFORM SCRATCH
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

const [conform, scratch] = process.argv.slice(2);
const WIDTH = 61, HEIGHT = 47; // no multiples of a block
const SECRET = 'SECRET-canary-7391';

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
const at = (name) => join(scratch, name);
function check(holds, text) {
    if (holds)
        return;
    console.error(`FAILED: ${text}`);
    process.exit(1);
}
const run = (program, words, input) =>
    execFileSync(program, words, { input, maxBuffer: 1 << 26, stdio: ['pipe', 'pipe', 'pipe'] });

function clean(name) {
    const answer = run(conform, [], `picture ${readFileSync(at(name)).toString('hex')}\n`)
        .toString().trim();
    check(/^[0-9a-f]+$/.test(answer), `${name} is refused: ${answer}`);
    const cleaned = Buffer.from(answer, 'hex');
    check(!cleaned.includes(SECRET), `${name} still holds the secret`);
    const to = `clean-${name}`;
    writeFileSync(at(to), cleaned);
    return to;
}

// Everything exiftool knows of a file, but what it says of any file.
function told(name) {
    const [tags] = JSON.parse(run('exiftool', ['-a', '-G1', '-j', '-s', '-ee', at(name)]));
    return Object.keys(tags).filter((tag) =>
        !/^(SourceFile|ExifTool:|System:|File:|Composite:)/.test(tag)
        && !/^JFIF:(JFIFVersion|ResolutionUnit|XResolution|YResolution)$/.test(tag)
        && !/^IFD0:Orientation$/.test(tag)
        && !/^PNG:(ImageWidth|ImageHeight|BitDepth|ColorType|Compression|Filter|Interlace|Palette|Transparency)$/
            .test(tag)
        && !/^Adobe:/.test(tag));
}
const orientation = (name) =>
    JSON.parse(run('exiftool', ['-j', '-n', '-Orientation', at(name)]))[0].Orientation;

function tell(name, extra = []) {
    run('exiftool', ['-q', '-overwrite_original', `-Artist=${SECRET}`, `-Make=${SECRET}`,
        '-GPSLatitude=29.7', '-GPSLatitudeRef=N', '-GPSLongitude=120.2', '-GPSLongitudeRef=E',
        '-DateTimeOriginal=2026:11:27 08:00:00', `-XMP:Title=${SECRET}`, ...extra, at(name)]);
    check(told(name).length > 5, `exiftool told nothing to ${name}`);
}

const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
for (let i = 0; i < pixels.length; i++)
    pixels[i] = (i * 7 + (i >> 5) * 13) & 255;
writeFileSync(at('in.ppm'), Buffer.concat([Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`), pixels]));

// --- JPEG
const ways = {
    baseline: [], progressive: ['-progressive'], grey: ['-grayscale'],
    restarts: ['-restart', '1'], optimised: ['-optimize', '-sample', '1x1'], rgb: ['-rgb'],
};
let count = 0;
for (const [way, words] of Object.entries(ways)) {
    const name = `${way}.jpg`;
    writeFileSync(at(name), run('cjpeg', ['-quality', '80', ...words, at('in.ppm')]));
    const thumbnail = `-ThumbnailImage<=${at('baseline.jpg')}`;
    tell(name, [`-IPTC:Keywords=${SECRET}`, `-Comment=${SECRET}`,
        ...(way === 'baseline' ? ['-n', '-Orientation=6'] : []),
        ...(way === 'progressive' ? [thumbnail] : [])]);
    const cleaned = clean(name);
    const left = told(cleaned);
    check(left.length === 0, `${cleaned} still tells ${left}`);
    check(run('djpeg', [at(name)]).equals(run('djpeg', [at(cleaned)])), `${cleaned} shows another picture`);
    check(orientation(cleaned) === (way === 'baseline' ? 6 : undefined), `${cleaned} is turned otherwise`);
    count++;
}

// --- PNG: every kind of colour, filter 0
// zlib.crc32 is newer than the node of Debian 12.
function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++)
            crc = crc >>> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
}
const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
};
const colours = { grey: [8, 0, 1], truecolour: [8, 2, 3], palette: [8, 3, 1], greyalpha: [8, 4, 2], alpha: [16, 6, 8] };
for (const [way, [depth, colour, size]] of Object.entries(colours)) {
    const name = `${way}.png`;
    const header = Buffer.alloc(13);
    header.writeUInt32BE(WIDTH, 0);
    header.writeUInt32BE(HEIGHT, 4);
    header[8] = depth;
    header[9] = colour;
    const rows = Buffer.alloc(HEIGHT * (WIDTH * size + 1));
    for (let i = 0; i < rows.length; i++)
        rows[i] = i % (WIDTH * size + 1) === 0 ? 0 : (i * 11) & 255;
    const packed = deflateSync(rows);
    writeFileSync(at(name), Buffer.concat([
        Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
        ...(colour === 3 ? [chunk('PLTE', Buffer.alloc(768, 90)), chunk('tRNS', Buffer.alloc(9, 1))] : []),
        chunk('IDAT', packed.subarray(0, 40)), chunk('IDAT', packed.subarray(40)), chunk('IEND', Buffer.alloc(0))]));
    const before = readFileSync(at(name));
    tell(name, [`-PNG:Comment=${SECRET}`]);
    const cleaned = clean(name);
    const left = told(cleaned);
    check(left.length === 0, `${cleaned} still tells ${left}`);
    check(readFileSync(at(cleaned)).equals(before), `${cleaned} is not what it was before the telling`);
    run('pngcheck', ['-q', at(cleaned)]);
    count++;
}
console.log(`${count} pictures: nothing left that tells of their maker, the same picture`);
