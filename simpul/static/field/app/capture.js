// The phone's eyes and ears: camera in the page (the camera app may end the page), QR, signature, voice, place.

import * as pictures from "../core/pictures.js";
import { t, tn } from "./texts.js";
import { button, chooseFile, el, fill, notice, para } from "./ui.js";

const VOICE_SECONDS = 120;

/** A page over the page, with a way out. Resolves with what `build` gives to `done`; null when left. */
function overlay(title, build) {
  return new Promise((resolve) => {
    const dialog = el("dialog", { class: "overlay", "aria-label": title });
    let clean = () => undefined;
    const done = (value) => {
      clean();
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      done(null);
    });
    const place = el("div", { class: "overlay__body" });
    dialog.append(el("div", { class: "overlay__top" }, el("h2", {}, title), button(t("close"), () => done(null), { icon: "cross", kind: "quiet" })), place);
    document.body.append(dialog);
    dialog.showModal();
    Promise.resolve(build(place, done)).then((leave) => {
      if (leave) clean = leave;
      if (!dialog.isConnected) clean();
    });
  });
}

async function openCamera(facing = "environment") {
  if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return null;
  return navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, width: { ideal: 1920 }, height: { ideal: 1080 } } });
}

function stop(stream) {
  if (stream) stream.getTracks().forEach((track) => track.stop());
}

function viewfinder(stream) {
  const video = el("video", { class: "finder", playsinline: true, autoplay: true, muted: true, srcObject: stream });
  video.muted = true;
  video.play().catch(() => undefined);
  return video;
}

function denied(fault) {
  const why = fault && fault.name === "NotAllowedError" ? "camera.denied" : "camera.none";
  return notice("warn", t("camera.cannot"), t(why));
}

/** A photo, shrunk to 1280 pixels with a thumbnail; null when the person changed their mind. */
export function takePhoto(title) {
  return overlay(title, async (place, done) => {
    let stream = null;
    const leave = () => stop(stream);
    const fromFile = button(t("photo.file"), async () => {
      const file = await chooseFile("image/*");
      if (file) await review(place, file, done, again);
    }, { icon: "paperclip", kind: "plain" });
    async function again() {
      try {
        stream = await openCamera();
        if (!stream) throw new Error("none");
      } catch (fault) {
        fill(place, denied(fault), fromFile);
        return;
      }
      const video = viewfinder(stream);
      const shoot = async () => {
        const canvas = el("canvas", { width: video.videoWidth, height: video.videoHeight });
        canvas.getContext("2d").drawImage(video, 0, 0);
        stop(stream);
        await review(place, canvas, done, again);
      };
      fill(place, video, el("div", { class: "overlay__acts" }, button(t("photo.shoot"), shoot, { icon: "eye" }), fromFile));
    }
    await again();
    return leave;
  });
}

async function review(place, source, done, again) {
  let made;
  try {
    made = await pictures.shrink(source, { most: 1280, quality: 0.8 });
  } catch (fault) {
    fill(place, notice("bad", "", t("photo.bad")), button(t("photo.again"), again, { icon: "eye" }));
    return;
  }
  const url = URL.createObjectURL(made.blob);
  const picture = el("img", { src: url, class: "finder", alt: t("photo.taken") });
  const use = () => {
    URL.revokeObjectURL(url);
    done(made);
  };
  fill(place, picture, el("div", { class: "overlay__acts" }, button(t("photo.use"), use, { icon: "check" }), button(t("photo.again"), again, { icon: "eye", kind: "plain" })));
}

export function canScan() {
  return "BarcodeDetector" in window && Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

/** The text of a QR code before the camera; with `more`, goes on until `more(text)` says that it is enough. */
export function scanQr(title, more = null) {
  return overlay(title, async (place, done) => {
    let stream = null;
    let going = true;
    try {
      stream = await openCamera();
      if (!stream) throw new Error("none");
    } catch (fault) {
      fill(place, denied(fault), para(t("scan.type")));
      return () => undefined;
    }
    const video = viewfinder(stream);
    const line = para(t("scan.hold"), "overlay__line");
    fill(place, video, line);
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      if (!going) return;
      const found = await detector.detect(video).catch(() => []);
      const text = found.length ? found[0].rawValue : "";
      const enough = text && (more ? more(text, line) : text);
      if (enough) done(enough === true ? text : enough);
      else setTimeout(look, 150);
    };
    look();
    return () => {
      going = false;
      stop(stream);
    };
  });
}

/** A signature with the finger: a PNG, or null. */
export function sign(title, statement) {
  return overlay(title, (place, done) => {
    const canvas = el("canvas", { class: "pad", role: "img", "aria-label": t("sign.pad") });
    const clear = button(t("sign.clear"), () => reset(), { icon: "cross", kind: "plain" });
    const use = button(t("sign.use"), () => canvas.toBlob((blob) => done(blob), "image/png"), { icon: "check" });
    fill(place, para(statement, "overlay__line"), canvas, el("div", { class: "overlay__acts" }, use, clear));
    const pen = canvas.getContext("2d");
    let last = null;
    let length = 0;
    function reset() {
      const box = canvas.getBoundingClientRect();
      canvas.width = Math.round(box.width * 2);
      canvas.height = Math.round(box.height * 2);
      pen.scale(2, 2);
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, box.width, box.height);
      Object.assign(pen, { strokeStyle: "#111", lineWidth: 3, lineCap: "round", lineJoin: "round" });
      length = 0;
      use.disabled = true;
    }
    reset();
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      last = at(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!last) return;
      const next = at(event);
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...next);
      pen.stroke();
      length += Math.hypot(next[0] - last[0], next[1] - last[1]);
      last = next;
      use.disabled = length < 40;
    });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (last = null));
  });
}

export function canRecord() {
  return Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
}

/** A voice note of at most two minutes. */
export function record(title) {
  return overlay(title, async (place, done) => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (fault) {
      fill(place, notice("warn", t("voice.cannot"), t("voice.denied")));
      return () => undefined;
    }
    const kind = ["audio/webm;codecs=opus", "audio/mp4"].find((one) => window.MediaRecorder.isTypeSupported(one)) || "";
    const recorder = new window.MediaRecorder(stream, kind ? { mimeType: kind, audioBitsPerSecond: 16_000 } : {});
    const parts = [];
    let wanted = false;
    const line = el("p", { class: "overlay__line big", "aria-live": "off" }, "0:00");
    const began = Date.now();
    const finish = () => {
      wanted = true;
      recorder.stop();
    };
    const timer = setInterval(() => {
      const seconds = Math.floor((Date.now() - began) / 1000);
      line.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= VOICE_SECONDS && recorder.state === "recording") finish();
    }, 250);
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => wanted && done(new Blob(parts, { type: (recorder.mimeType || "audio/webm").split(";")[0] }));
    recorder.start(1000);
    fill(place, para(tn("voice.speak", VOICE_SECONDS / 60)), line, el("div", { class: "overlay__acts" }, button(t("voice.stop"), finish, { icon: "check" })));
    return () => {
      clearInterval(timer);
      if (recorder.state === "recording") recorder.stop();
      stop(stream);
    };
  });
}

/** Where the phone is, in whole microdegrees; a code of words when it cannot say. */
export function locate() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error("location.none"));
    return navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: Math.round(coords.latitude * 1e6), lon: Math.round(coords.longitude * 1e6), within: Math.round(coords.accuracy) }),
      (fault) => reject(new Error(fault.code === 1 ? "location.denied" : "location.weak")),
      { enableHighAccuracy: true, timeout: 30_000, maximumAge: 60_000 },
    );
  });
}

