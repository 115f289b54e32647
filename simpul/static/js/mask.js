// Boxes over a photo: drag on [data-mask] draws one into the next empty row ([data-box]) of the form it names.
// Without a script the sides are written in percent. The photo is shown inside an SVG, so no style is set by script.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const holder = document.querySelector("[data-mask]");
  const form = holder && document.getElementById(holder.dataset.mask);
  const img = holder?.querySelector("img");
  if (!form || !img) return;
  const rows = [...form.querySelectorAll("[data-box]")].map((row) => [...row.querySelectorAll("input")]);
  const read = (row) => row.map((input) => Number.parseFloat(input.value.replace(",", ".")));
  const empty = (row) => row.every((input) => input.value.trim() === "");
  const make = (name, attributes) => { const element = document.createElementNS(SVG, name); for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value); return element; };

  const start = () => {
    const [width, height] = [img.naturalWidth, img.naturalHeight];
    const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": img.alt, "touch-action": "none" });
    svg.append(make("image", { href: img.src, width, height }));
    const layer = make("g", {});
    svg.append(layer);
    img.replaceWith(svg);
    const show = (extra) => {
      layer.replaceChildren();
      for (const box of [...rows.map(read), ...(extra ? [extra] : [])]) {
        if (box.some(Number.isNaN)) continue;
        const [left, top, right, bottom] = [box[0] * width / 100, box[1] * height / 100, box[2] * width / 100, box[3] * height / 100];
        layer.append(make("rect", { x: Math.min(left, right), y: Math.min(top, bottom), width: Math.abs(right - left), height: Math.abs(bottom - top), fill: "#000", "fill-opacity": "0.85" }));
      }
    };
    const place = (event) => {
      const frame = svg.getBoundingClientRect();
      const part = (value, from, size) => Math.min(100, Math.max(0, (value - from) * 100 / size));
      return [part(event.clientX, frame.left, frame.width), part(event.clientY, frame.top, frame.height)];
    };
    let from = null;
    const boxTo = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])];
    svg.addEventListener("pointerdown", (event) => { event.preventDefault(); from = place(event); svg.setPointerCapture(event.pointerId); });
    svg.addEventListener("pointermove", (event) => { if (from) show(boxTo(place(event))); });
    svg.addEventListener("pointerup", (event) => {
      if (!from) return;
      const box = boxTo(place(event));
      from = null;
      const row = rows.find(empty);
      if (row && box[2] - box[0] > 0.5 && box[3] - box[1] > 0.5) row.forEach((input, side) => { input.value = box[side].toFixed(1); });
      show();
    });
    form.addEventListener("input", () => show());
    const clear = form.querySelector("[data-mask-clear]");
    clear.hidden = false;
    clear.addEventListener("click", () => { rows.flat().forEach((input) => { input.value = ""; }); show(); });
    show();
  };
  if (img.complete && img.naturalWidth) start(); else img.addEventListener("load", start, { once: true });
})();
