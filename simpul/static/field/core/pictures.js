/**
 * Photos made small before they are kept: new pixels only, so that no place and no camera's number travels with them.
 *
 * @param {Blob | ImageBitmap | HTMLCanvasElement} given @param {{most?: number, quality?: number, small?: number}} [how] longest sides in pixels
 * @returns {Promise<{blob: Blob, thumbnail: Blob, width: number, height: number}>}
 */
export async function shrink(given, { most = 1280, quality = 0.8, small = 160 } = {}) {
  const picture = given instanceof Blob ? await createImageBitmap(given, { imageOrientation: "from-image" }) : given;
  const large = drawn(picture, most);
  const little = drawn(picture, small);
  const found = { blob: await jpeg(large, quality), thumbnail: await jpeg(little, 0.6), width: large.width, height: large.height };
  if ("close" in picture) picture.close();
  return found;
}

/** @param {ImageBitmap | HTMLCanvasElement} picture @param {number} most */
function drawn(picture, most) {
  const share = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
function jpeg(canvas, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", quality);
  });
}
