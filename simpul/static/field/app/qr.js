// A QR code of a short text, drawn as SVG. Level L, versions 1 to 40, alphanumeric where the text allows it, else bytes (ISO/IEC 18004).

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const CHECK_WORDS = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];
const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

/** Rows of true and false. Throws RangeError for a text that does not fit. */
export function matrix(text, forced = null) {
  const plain = [...text].every((sign) => SIGNS.includes(sign));
  const bytes = new TextEncoder().encode(text);
  const version = versionFor(plain, plain ? text.length : bytes.length);
  const words = interleaved(dataWords(text, bytes, plain, version), version);
  const board = drawn(version, words);
  const masks = forced === null ? [0, 1, 2, 3, 4, 5, 6, 7] : [forced];
  let best = null;
  for (const mask of masks) {
    const tried = masked(board, mask);
    const cost = penalty(tried);
    if (!best || cost < best.cost) best = { cost, tried };
  }
  return best.tried;
}

export function picture(text, label) {
  const rows = matrix(text);
  const size = rows.length + 2 * QUIET;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  const squares = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")));
  path.setAttribute("d", squares.join(""));
  svg.append(path);
  return svg;
}

function rawBits(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    bits -= (25 * marks - 10) * marks - 55;
    if (version >= 7) bits -= 36;
  }
  return bits;
}

const dataBytes = (version) => Math.floor(rawBits(version) / 8) - CHECK_WORDS[version - 1] * BLOCKS[version - 1];

function countBits(plain, version) {
  const place = version < 10 ? 0 : version < 27 ? 1 : 2;
  return plain ? [9, 11, 13][place] : [8, 16, 16][place];
}

function bitsNeeded(plain, length, version) {
  return 4 + countBits(plain, version) + (plain ? Math.floor(length / 2) * 11 + (length % 2) * 6 : length * 8);
}

function versionFor(plain, length) {
  for (let version = 1; version <= 40; version += 1) if (bitsNeeded(plain, length, version) <= dataBytes(version) * 8) return version;
  throw new RangeError("too long for a QR code");
}

function dataWords(text, bytes, plain, version) {
  const bits = [];
  const put = (value, length) => {
    for (let place = length - 1; place >= 0; place -= 1) bits.push((value >>> place) & 1);
  };
  put(plain ? 2 : 4, 4);
  put(plain ? text.length : bytes.length, countBits(plain, version));
  if (plain) {
    for (let place = 0; place + 1 < text.length; place += 2) put(SIGNS.indexOf(text[place]) * 45 + SIGNS.indexOf(text[place + 1]), 11);
    if (text.length % 2) put(SIGNS.indexOf(text[text.length - 1]), 6);
  } else bytes.forEach((byte) => put(byte, 8));
  const room = dataBytes(version) * 8;
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const words = [];
  for (let place = 0; place < bits.length; place += 8) words.push(bits.slice(place, place + 8).reduce((sum, bit) => sum * 2 + bit, 0));
  return words;
}

// --- Reed-Solomon over GF(256) ---------------------------------------------------------------------------------------------

function times(one, other) {
  let product = 0;
  for (let place = 7; place >= 0; place -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> place) & 1) * one;
  }
  return product & 0xff;
}

function divisor(degree) {
  const result = new Array(degree).fill(0);
  result[degree - 1] = 1;
  let root = 1;
  for (let turn = 0; turn < degree; turn += 1) {
    for (let place = 0; place < degree; place += 1) {
      result[place] = times(result[place], root);
      if (place + 1 < degree) result[place] ^= result[place + 1];
    }
    root = times(root, 2);
  }
  return result;
}

function remainder(data, by) {
  const result = new Array(by.length).fill(0);
  for (const byte of data) {
    const factor = byte ^ result.shift();
    result.push(0);
    by.forEach((value, place) => {
      result[place] ^= times(value, factor);
    });
  }
  return result;
}

function interleaved(data, version) {
  const blocks = BLOCKS[version - 1];
  const checks = CHECK_WORDS[version - 1];
  const raw = Math.floor(rawBits(version) / 8);
  const short = blocks - (raw % blocks);
  const length = Math.floor(raw / blocks);
  const by = divisor(checks);
  const parts = [];
  for (let block = 0, from = 0; block < blocks; block += 1) {
    const own = data.slice(from, from + length - checks + (block < short ? 0 : 1));
    from += own.length;
    parts.push({ own, check: remainder(own, by) });
  }
  const words = [];
  for (let place = 0; place <= length - checks; place += 1) for (const { own } of parts) if (place < own.length) words.push(own[place]);
  for (let place = 0; place < checks; place += 1) for (const { check } of parts) words.push(check[place]);
  return words;
}

// --- The board -----------------------------------------------------------------------------------------------------------------

function alignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const places = [6];
  for (let at = version * 4 + 10; places.length < count; at -= step) places.splice(1, 0, at);
  return places;
}

function drawn(version, words) {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const put = (x, y, value) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y][x] = value;
    fixed[y][x] = true;
  };
  for (let place = 0; place < size; place += 1) {
    put(6, place, place % 2 === 0);
    put(place, 6, place % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    for (let dy = -4; dy <= 4; dy += 1) for (let dx = -4; dx <= 4; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      put(cx + dx, cy + dy, ring !== 2 && ring !== 4);
    }
  }
  const marks = alignment(version);
  const last = marks.length - 1;
  marks.forEach((x, i) => marks.forEach((y, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) put(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  format(put, size, 0);
  if (version >= 7) numbered(put, size, version);
  zigzag(dark, fixed, size, words);
  return { dark, fixed, size };
}

function format(put, size, mask) {
  const data = (1 << 3) | mask;
  let rest = data;
  for (let turn = 0; turn < 10; turn += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (place) => ((bits >>> place) & 1) === 1;
  for (let place = 0; place <= 5; place += 1) put(8, place, bit(place));
  put(8, 7, bit(6));
  put(8, 8, bit(7));
  put(7, 8, bit(8));
  for (let place = 9; place < 15; place += 1) put(14 - place, 8, bit(place));
  for (let place = 0; place < 8; place += 1) put(size - 1 - place, 8, bit(place));
  for (let place = 8; place < 15; place += 1) put(8, size - 15 + place, bit(place));
  put(8, size - 8, true);
}

function numbered(put, size, version) {
  let rest = version;
  for (let turn = 0; turn < 12; turn += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let place = 0; place < 18; place += 1) {
    const dark = ((bits >>> place) & 1) === 1;
    const x = size - 11 + (place % 3);
    const y = Math.floor(place / 3);
    put(x, y, dark);
    put(y, x, dark);
  }
}

function zigzag(dark, fixed, size, words) {
  let place = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      for (const x of [right, right - 1]) {
        const up = ((right + 1) & 2) === 0;
        const y = up ? size - 1 - step : step;
        if (!fixed[y][x] && place < words.length * 8) {
          dark[y][x] = ((words[place >>> 3] >>> (7 - (place & 7))) & 1) === 1;
          place += 1;
        }
      }
    }
  }
}

const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked({ dark, fixed, size }, mask) {
  const rows = dark.map((row, y) => row.map((value, x) => (fixed[y][x] ? value : value !== MASKS[mask](x, y))));
  format((x, y, value) => {
    rows[y][x] = value;
  }, size, mask);
  return rows;
}

/** The less it looks like a finder or a flat field, the better it is read. */
function penalty(rows) {
  const size = rows.length;
  let cost = 0;
  const lines = [...rows, ...rows.map((_row, x) => rows.map((row) => row[x]))];
  for (const line of lines) {
    let run = 1;
    for (let place = 1; place <= size; place += 1) {
      if (place < size && line[place] === line[place - 1]) run += 1;
      else {
        if (run >= 5) cost += run - 2;
        run = 1;
      }
    }
    const text = line.map((value) => (value ? "1" : "0")).join("");
    for (let place = 0; place + 11 <= size; place += 1) {
      const part = text.slice(place, place + 11);
      if (part === "10111010000" || part === "00001011101") cost += 40;
    }
  }
  let total = 0;
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      total += rows[y][x] ? 1 : 0;
      if (x + 1 < size && y + 1 < size && rows[y][x] === rows[y][x + 1] && rows[y][x] === rows[y + 1][x] && rows[y][x] === rows[y + 1][x + 1]) cost += 3;
    }
  }
  return cost + Math.floor(Math.abs(total * 20 - size * size * 10) / (size * size)) * 10;
}
