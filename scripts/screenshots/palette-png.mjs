/** PNG files of 256 colours at most: screenshots of flat surfaces and text take a third of their space and look the same. */
import { crc32, deflateSync } from 'node:zlib';

const MOST_COLOURS = 256;
/** Colours closer together than this, by channel, count as one while the palette is chosen. */
const GRAIN_BITS = 5;

/** Encodes `rgba` (4 bytes a pixel, opaque) of `width` x `height` as a PNG with a palette. */
export function encodePalettePng(rgba, width, height) {
  const palette = choosePalette(countColours(rgba));
  const nearest = nearestIn(palette);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0, from = 0; y < height; y += 1) {
    const start = y * (width + 1) + 1;
    for (let x = 0; x < width; x += 1, from += 4) {
      rows[start + x] = nearest((rgba[from] << 16) | (rgba[from + 1] << 8) | rgba[from + 2]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flat())),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** How often each colour occurs, as 0xRRGGBB. */
function countColours(rgba) {
  const counts = new Map();
  for (let i = 0; i < rgba.length; i += 4) {
    const colour = (rgba[i] << 16) | (rgba[i + 1] << 8) | rgba[i + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/**
 * The commonest colours as they are, so that surfaces keep their exact value; half of the palette is left for the shades
 * of text and lines, gathered from what is alike.
 */
function choosePalette(counts) {
  const byUse = [...counts].toSorted(([, a], [, b]) => b - a);
  if (byUse.length <= MOST_COLOURS) return byUse.map(([colour]) => channels(colour));
  const exact = byUse.slice(0, MOST_COLOURS / 2);
  const grains = new Map();
  for (const [colour, count] of byUse.slice(MOST_COLOURS / 2)) {
    const [r, g, b] = channels(colour);
    const key = [r, g, b].map((value) => value >> (8 - GRAIN_BITS)).join();
    const grain = grains.get(key) ?? { count: 0, sum: [0, 0, 0] };
    grain.count += count;
    [r, g, b].forEach((value, i) => (grain.sum[i] += value * count));
    grains.set(key, grain);
  }
  const shades = [...grains.values()]
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_COLOURS - exact.length)
    .map(({ count, sum }) => sum.map((value) => Math.round(value / count)));
  return [...exact.map(([colour]) => channels(colour)), ...shades];
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** Index of the palette's colour next to a given one. */
function nearestIn(palette) {
  const known = new Map();
  return (colour) => {
    const found = known.get(colour);
    if (found !== undefined) return found;
    const [r, g, b] = channels(colour);
    let best = 0;
    let bestDistance = Infinity;
    palette.forEach(([pr, pg, pb], index) => {
      const distance = (r - pr) ** 2 * 0.3 + (g - pg) ** 2 * 0.59 + (b - pb) ** 2 * 0.11;
      if (distance >= bestDistance) return;
      bestDistance = distance;
      best = index;
    });
    known.set(colour, best);
    return best;
  };
}
