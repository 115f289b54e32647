// Photos, signatures, voice notes and places inside forms: kept sealed on the phone at once, named in the answer by their hash.

import * as capture from "./capture.js";
import * as live from "./live.js";
import { number, t } from "./texts.js";
import { button, el, fill, icon, notice } from "./ui.js";

const MOST_PHOTOS = 6;

function head(one, fault) {
  return [el("p", { class: "legend" }, one.label), one.hint && el("p", { class: "hint" }, one.hint), el("p", { class: "fault", hidden: !fault, "aria-live": "polite" }, fault && icon("warning"), fault)];
}

function framed(one, fault, ...kids) {
  return el("div", { class: fault ? "field field--bad" : "field" }, head(one, fault), kids);
}

function thumb(hash, alt) {
  const image = el("img", { class: "thumb", alt });
  live.current().blobs.get(hash, { thumbnail: true }).then((blob) => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  });
  return image;
}

export function drawPhotos(one, value, set, fault) {
  const hashes = value || [];
  const add = async () => {
    const made = await capture.takePhoto(one.label);
    if (!made || !live.isOpen()) return;
    const hash = await live.current().blobs.add(made.blob, { thumbnail: made.thumbnail, kind: one.blob || "photo" });
    set([...hashes.filter((known) => known !== hash), hash], { redraw: true });
  };
  const drop = (hash) => async () => {
    await live.current().blobs.remove(hash);
    set(hashes.filter((known) => known !== hash), { redraw: true });
  };
  return framed(
    one,
    fault,
    hashes.length ? el("ul", { class: "thumbs" }, hashes.map((hash, place) => el("li", {}, thumb(hash, t("photo.nth", { n: place + 1 })), button(t("photo.drop"), drop(hash), { icon: "cross", kind: "quiet" })))) : null,
    hashes.length < (one.photos || MOST_PHOTOS) ? button(t(hashes.length ? "photo.more" : "photo.take"), add, { icon: "eye", kind: "plain", css: "btn--wide" }) : null,
  );
}

export function drawSignature(one, value, set, fault) {
  const hash = (value || [])[0];
  const add = async () => {
    const blob = await capture.sign(one.label, one.statement || t("sign.statement"));
    if (!blob || !live.isOpen()) return;
    set([await live.current().blobs.add(blob, { kind: "signature" })], { redraw: true });
  };
  const drop = async () => {
    await live.current().blobs.remove(hash);
    set(undefined, { redraw: true });
  };
  const shown = hash && el("div", {}, signature(hash), button(t("sign.again"), drop, { icon: "cross", kind: "quiet" }));
  return framed(one, fault, shown || button(t("sign.begin"), add, { icon: "hand", kind: "plain", css: "btn--wide" }));
}

function signature(hash) {
  const image = el("img", { class: "signed", alt: t("sign.done") });
  live.current().blobs.get(hash).then((blob) => {
    if (blob) image.src = URL.createObjectURL(blob);
  });
  return image;
}

export function drawVoice(one, value, set, fault) {
  const hash = (value || [])[0];
  const add = async () => {
    const blob = await capture.record(one.label);
    if (!blob || !live.isOpen()) return;
    set([await live.current().blobs.add(blob, { kind: "voice" })], { redraw: true });
  };
  const drop = async () => {
    await live.current().blobs.remove(hash);
    set(undefined, { redraw: true });
  };
  if (!hash) return capture.canRecord() ? framed(one, fault, button(t("voice.begin"), add, { icon: "speaker", kind: "plain", css: "btn--wide" })) : el("div", {});
  const player = el("audio", { controls: true, preload: "metadata" });
  live.current().blobs.get(hash).then((blob) => {
    if (blob) player.src = URL.createObjectURL(blob);
  });
  return framed(one, fault, player, button(t("voice.drop"), drop, { icon: "cross", kind: "quiet" }));
}

export function drawLocation(one, value, set, fault) {
  const line = el("div", { "aria-live": "polite" });
  const find = async () => {
    fill(line, el("p", { class: "hint" }, t("location.finding")));
    try {
      set(await capture.locate(), { redraw: true });
    } catch (problem) {
      fill(line, notice("warn", "", t(String(problem.message))));
    }
  };
  if (value) return framed(one, fault, el("div", { class: "picked" }, icon("pin"), el("span", {}, t("location.have", { within: number(value.within || 0) })), button(t("location.drop"), () => set(undefined, { redraw: true }), { kind: "quiet" })));
  return framed(one, fault, button(t("location.find"), find, { icon: "pin", kind: "plain", css: "btn--wide" }), line);
}
