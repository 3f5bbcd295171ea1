// Cuts a square from a picture before it is sent: form[data-crop]. Without this the form sends the file alone, and the
// middle of it is cut out. The square's place is written to the fields left, top and side, in pixels of the picture itself,
// whatever the size of what is seen here. A file goes first, in parts that can be resumed, and the form with its key after it.

import { send } from "./uploads.js";

const STEP = 0.02;      // of the picture's shorter side, for one press of an arrow key
const FURTHER = 5;      // times as far with Shift
const RESIZE = 0.05;    // of the largest square, for + and -
const LEAST = 0.1;      // of the largest square
const QUIET = 400;      // milliseconds without a change before it is said aloud

function enhance(form) {
  if (form.dataset.crop === "on") return;
  form.dataset.crop = "on";
  const cropper = form.querySelector("[data-cropper]");
  const image = cropper.querySelector("[data-preview]");
  const square = new Square(cropper, form.elements);
  const folded = form.closest("[data-recut]");
  if (folded) folded.hidden = false;
  if (image.dataset.src) {
    const { left, top, side } = form.elements;
    const before = [left.value, top.value, side.value].map(Number);
    image.addEventListener("load", () => square.over(Number(image.dataset.width), Number(image.dataset.height), before));
    image.src = image.dataset.src;
  }
  const input = form.querySelector("input[type=file]");
  if (input) {
    choosing(form, input, image, square);
    sending(form, input);
  }
}

// The file travels by itself, then the form with the key that it got.
function sending(form, input) {
  const shown = form.querySelector("[data-progress]");
  const [bar, words, actions] = ["progress", "span", ".actions"].map((part) => shown.querySelector(part));
  const save = form.querySelector("button[type=submit]");
  let going = null;
  const say = (text, percent) => {
    shown.hidden = !text;
    words.textContent = text;
    bar.value = percent ?? bar.value;
    actions.hidden = true;
  };
  const stop = () => {
    going?.cancel();
    going = null;
    save.disabled = false;
    form.elements.upload.value = "";
    say("");
  };
  input.addEventListener("change", stop);
  actions.querySelector("[data-again]").addEventListener("click", () => going?.retry());
  form.addEventListener("submit", (event) => {
    const [file] = input.files;
    if (!file || form.elements.upload.value) return;
    event.preventDefault();
    if (going || !form.querySelector("[data-refused]").hidden) return;
    save.disabled = true;
    say(form.dataset.sending.replace("PERCENT", 0), 0);
    going = send(file, {
      onProgress: (sent, total) => {
        const percent = Math.round((100 * sent) / total);
        say(percent < 100 ? form.dataset.sending.replace("PERCENT", percent) : form.dataset.sent, percent);
      },
      onDone: (key) => {
        form.elements.upload.value = key;
        input.disabled = true;  // it is there already
        form.submit();
      },
      onRefused: (message) => {
        stop();
        refuse(form, message || form.dataset.broken);
      },
      onBroken: (_retry, message) => {
        say(message || form.dataset.broken);
        actions.hidden = false;
      },
    });
  });
  // Coming back by the browser's "back" finds the page as it was left: with the key of a file that was taken.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    input.disabled = false;
    stop();
  });
}

function refuse(form, message) {
  const refused = form.querySelector("[data-refused]");
  refused.hidden = !message;
  refused.textContent = message;
}

// A file is chosen, dropped or pasted: shown with the square, or sent as it is where the browser cannot show it.
function choosing(form, input, image, square) {
  const unseen = form.querySelector("[data-unseen]");
  form.querySelector("[data-centred]").hidden = true;
  const show = () => {
    const [file] = input.files;
    const tooLarge = Boolean(file && file.size > Number(input.dataset.most));
    if (image.src) URL.revokeObjectURL(image.src);
    image.removeAttribute("src");
    square.none();
    refuse(form, tooLarge ? input.dataset.tooLarge : "");
    unseen.hidden = true;
    if (file && !tooLarge) image.src = URL.createObjectURL(file);
  };
  image.addEventListener("load", () => square.over(image.naturalWidth, image.naturalHeight));
  image.addEventListener("error", () => { square.none(); unseen.hidden = !input.files.length; });
  input.addEventListener("change", show);

  const take = (files) => {
    const file = [...files].find((one) => one.type.startsWith("image/")) ?? files[0];
    if (!file) return;
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    show();
  };
  document.addEventListener("dragover", (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });
  if (input.files.length) show();
}

// The square: its place in pixels of the picture, drawn as shares of what is seen.
class Square {
  constructor(cropper, fields) {
    this.cropper = cropper;
    this.fields = fields;
    this.frame = cropper.querySelector("[data-frame]");
    this.handle = cropper.querySelector("[data-square]");
    this.size = cropper.querySelector("[data-size]");
    this.words = cropper.querySelector("[data-words]");
    this.frame.addEventListener("pointerdown", (event) => this.drag(event));
    this.handle.addEventListener("keydown", (event) => this.key(event));
    this.size.addEventListener("input", () => this.resize((this.largest * this.size.value) / 100));
  }

  // Over a picture of this size in pixels; at `before` (left, top, side), or the largest one in the middle.
  over(width, height, before = [0, 0, 0]) {
    Object.assign(this, { width, height, largest: Math.min(width, height) });
    [this.left, this.top, this.side] = before;
    if (!this.side) {
      this.side = this.largest;
      this.left = (width - this.side) / 2;
      this.top = (height - this.side) / 2;
    }
    this.cropper.hidden = false;
    this.place();
  }

  none() {
    this.cropper.hidden = true;
    for (const name of ["left", "top", "side"]) this.fields[name].value = "";
  }

  place() {
    this.side = Math.min(Math.max(this.side, this.largest * LEAST), this.largest);
    this.left = Math.min(Math.max(this.left, 0), this.width - this.side);
    this.top = Math.min(Math.max(this.top, 0), this.height - this.side);
    const style = this.handle.style;
    style.left = `${(100 * this.left) / this.width}%`;
    style.top = `${(100 * this.top) / this.height}%`;
    style.width = `${(100 * this.side) / this.width}%`;
    style.height = `${(100 * this.side) / this.height}%`;
    for (const name of ["left", "top", "side"]) this.fields[name].value = Math.round(this[name]);
    this.size.value = Math.round((100 * this.side) / this.largest);
    this.say();
  }

  say() {
    clearTimeout(this.later);
    const share = (part, whole) => Math.round((100 * part) / whole);
    this.later = setTimeout(() => {
      this.words.textContent = this.cropper.dataset.said
        .replace("SIDE", share(this.side, this.largest))
        .replace("LEFT", share(this.left, this.width))
        .replace("TOP", share(this.top, this.height));
    }, QUIET);
  }

  move(right, down) {
    this.left += right;
    this.top += down;
    this.place();
  }

  // To another side, around its middle.
  resize(side) {
    const wanted = Math.min(Math.max(side, this.largest * LEAST), this.largest);
    this.left += (this.side - wanted) / 2;
    this.top += (this.side - wanted) / 2;
    this.side = wanted;
    this.place();
  }

  // Takes the square along; a press beside it brings its middle there first.
  drag(event) {
    if (event.button) return;
    event.preventDefault();
    this.handle.focus({ preventScroll: true });
    const seen = this.frame.getBoundingClientRect();
    const scale = this.width / seen.width;
    if (event.target !== this.handle) {
      this.left = (event.clientX - seen.left) * scale - this.side / 2;
      this.top = (event.clientY - seen.top) * scale - this.side / 2;
      this.place();
    }
    const start = { x: event.clientX, y: event.clientY, left: this.left, top: this.top };
    const moved = ({ clientX, clientY }) => {
      this.left = start.left + (clientX - start.x) * scale;
      this.top = start.top + (clientY - start.y) * scale;
      this.place();
    };
    const over = () => {
      this.frame.removeEventListener("pointermove", moved);
      for (const name of ["pointerup", "pointercancel"]) this.frame.removeEventListener(name, over);
    };
    this.frame.setPointerCapture(event.pointerId);
    this.frame.addEventListener("pointermove", moved);
    for (const name of ["pointerup", "pointercancel"]) this.frame.addEventListener(name, over);
  }

  key(event) {
    const step = this.largest * STEP * (event.shiftKey ? FURTHER : 1);
    const acts = {
      ArrowLeft: () => this.move(-step, 0),
      ArrowRight: () => this.move(step, 0),
      ArrowUp: () => this.move(0, -step),
      ArrowDown: () => this.move(0, step),
      "+": () => this.resize(this.side + this.largest * RESIZE),
      "=": () => this.resize(this.side + this.largest * RESIZE),
      "-": () => this.resize(this.side - this.largest * RESIZE),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }
}

document.querySelectorAll("form[data-crop]").forEach(enhance);
// A part of the page that htmx has put in.
document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelectorAll?.("form[data-crop]").forEach(enhance));
