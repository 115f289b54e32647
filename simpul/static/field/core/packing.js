/** Raw DEFLATE with what the browser has. */

/** @param {Uint8Array} plain @returns {Promise<Uint8Array>} */
export async function deflate(plain) {
  return through(plain, new CompressionStream("deflate-raw"), Infinity);
}

/** Refuses what is cut off, has bytes behind its end, or grows above `most`. @param {Uint8Array} packed @param {number} most @returns {Promise<Uint8Array>} */
export async function inflate(packed, most) {
  return through(packed, new DecompressionStream("deflate-raw"), most);
}

/** @param {Uint8Array} data @param {any} pipe @param {number} most */
async function through(data, pipe, most) {
  const writer = pipe.writable.getWriter();
  const reader = pipe.readable.getReader();
  // A fault shows itself on the reading side as well; the writing side must not be left without a listener.
  const written = writer.write(data).then(() => writer.close()).catch(() => undefined);
  /** @type {Uint8Array[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    parts.push(value);
  }
  await written;
  const whole = new Uint8Array(size);
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
