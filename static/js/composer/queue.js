// Files on their way: chosen, dropped or pasted, each with a preview, sent one at a time in parts that can be resumed, and
// put into the draft or the post as they arrive. What breaks on its way is tried again without choosing it again.

import { send } from "../uploads.js";
import { newKey } from "./page.js";

const MOST = 20;
const DELAYS = [500, 1500, 4000];  // milliseconds between tries, before somebody is told that the connection broke

export class Queue {
  constructor(page, list, draft) {
    Object.assign(this, { page, list, draft, jobs: [] });
    const { form } = page;
    this.input = form.elements.picture;
    this.drop = form.querySelector("[data-drop]");
    this.errors = form.querySelector("[data-file-errors]");

    this.input.addEventListener("change", () => this.takeChosen());
    document.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      this.drop.classList.add("over");
    });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) this.drop.classList.remove("over"); });
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.drop.classList.remove("over");
      this.take([...event.dataTransfer.files]);
    });
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (!files.length) return;
      event.preventDefault();
      this.take(files);
    });
    list.element.addEventListener("click", (event) => this.pressed(event));
    window.addEventListener("online", () => this.again());
  }

  get unfinished() { return this.jobs.filter((job) => job.state !== "refused"); }
  get broken() { return this.jobs.filter((job) => job.state === "broken"); }
  get refused() { return this.jobs.filter((job) => job.state === "refused"); }

  // --- Taking files in --------------------------------------------------------------------------------------------------

  // What the file field holds: also what was chosen before the scripts were there.
  takeChosen() {
    const files = [...this.input.files];
    this.input.value = "";  // they travel by themselves, never with the form
    if (files.length) this.take(files);
  }

  take(files) {
    const room = MOST - this.list.items.length + this.refused.length;
    this.complain(files.length > room ? this.page.word("too-many", { NUMBER: files.length - Math.max(0, room) }) : "");
    const taken = files.slice(0, Math.max(0, room));
    for (const file of taken) {
      const item = this.page.made("photo");
      item.querySelector("textarea").id = item.querySelector("label").htmlFor = `new-${newKey()}`;
      this.preview(item, file);
      this.list.element.append(item);
      this.add({ file, item });
    }
    this.list.renumber();
    if (taken.length) this.page.say("taken", { NUMBER: taken.length });
    this.next();
  }

  // `replaces` is the key of the photo whose place it is to take.
  add(job) {
    const shown = this.page.made("job");
    job.item.querySelector("[data-job]")?.remove();
    job.item.querySelector('[data-part="state"]').before(shown);
    job.key = newKey();
    this.jobs.push(job);
    if (job.file.size > Number(this.input.dataset.most)) this.refuse(job, this.page.word("too-large"));
    else this.turn(job, "waiting");
  }

  preview(item, file) {
    const face = item.querySelector('[data-part="face"]');
    const image = new Image();
    image.alt = "";
    image.decoding = "async";
    // What this browser cannot show (HEIC) shows once the server has it.
    image.addEventListener("error", () => image.replaceWith(Object.assign(document.createElement("span"), {
      className: "quiet small", textContent: this.page.word("preview-follows"),
    })));
    image.src = URL.createObjectURL(file);
    face.replaceChildren(image);
  }

  complain(text) {
    const item = Object.assign(document.createElement("li"), { textContent: text });
    this.errors.replaceChildren(...(text ? [item] : []));
    this.errors.toggleAttribute("role", false);
    if (text) this.errors.setAttribute("role", "alert");
  }

  // --- On their way -------------------------------------------------------------------------------------------------------

  turn(job, state, words = state, values = {}) {
    job.state = state;
    const shown = job.item.querySelector("[data-job]");
    shown.dataset.job = state;
    shown.querySelector("[data-job-words]").textContent = this.page.words[words] ? this.page.word(words, values) : words;
    shown.querySelector("progress").hidden = state !== "sending" && state !== "waiting";
    shown.querySelector("[data-again]").hidden = state !== "broken";
    shown.querySelector("[data-cancel]").hidden = state === "adding" || state === "refused";
    shown.querySelector("[data-dismiss]").hidden = state !== "refused";
  }

  // One at a time; nothing new starts while one is broken, because the connection is.
  async next() {
    if (this.jobs.some((job) => ["sending", "adding", "broken"].includes(job.state))) return;
    const job = this.jobs.find((one) => one.state === "waiting");
    this.draft.moved();
    if (job) await this.run(job);
  }

  async run(job) {
    this.turn(job, "sending", "starting");
    try {
      const refused = await this.page.start();
      if (refused) {
        this.refuse(job, refused);
        return;
      }
    } catch {
      this.breakOff(job);
      return;
    }
    if (!this.jobs.includes(job)) {  // cancelled meanwhile
      this.next();
      return;
    }
    if (job.upload) this.put(job);
    else if (job.transfer) job.transfer.retry();
    else this.send(job);
  }

  send(job) {
    job.transfer = send(job.file, {
      onProgress: (sent, total) => {
        if (job.state !== "sending") this.turn(job, "sending");
        const percent = Math.floor((100 * sent) / Math.max(1, total));
        job.item.querySelector("[data-job] progress").value = percent;
        const words = { PERCENT: percent, SIZE: this.size(total) };
        job.item.querySelector("[data-job-words]").textContent = this.page.word("sending", words);
      },
      onDone: (upload) => {
        job.upload = upload;
        this.put(job);
      },
      onRefused: (message) => this.refuse(job, message || this.page.word("trouble")),
      onBroken: () => this.breakOff(job),
      delays: DELAYS,
    });
  }

  // The file has arrived: it becomes a photo of the draft.
  async put(job) {
    this.turn(job, "adding");
    const fields = { upload: job.upload, key: job.key };
    if (job.replaces) fields.replaces = job.item.dataset.photo ?? job.replaces;
    try {
      const answer = await this.page.ask(this.page.form.dataset.photos, fields);
      if (!answer.ok) {
        this.refuse(job, answer.text);
        return;
      }
      this.forget(job);
      job.item.querySelector("[data-job]").remove();
      this.adopt(job, answer.text);
      this.page.say("arrived", { PLACE: this.list.items.indexOf(job.item) + 1 });
    } catch {
      this.breakOff(job);
      return;
    }
    this.next();
  }

  adopt(job, html) {
    const before = this.list.keys;
    if (!job.replaces) job.item.dataset.replacement = job.key;  // the server's item takes over this one
    this.list.merge(html);
    if (!job.item.querySelector('[data-part="face"] img')) this.preview(job.item, job.file);
    // Moved about while it was on its way: the server puts it last.
    if (!job.replaces && this.list.keys.at(-1) !== job.key && before.length) this.list.saveOrder();
  }

  refuse(job, message) {
    job.item.dataset.refused = "";
    this.turn(job, "refused", message);
    this.page.say("left-out", { NAME: job.file.name, MESSAGE: message });
    this.list.count();
    if (job.replaces) delete job.item.dataset.refused;
    this.next();
  }

  breakOff(job) {
    this.turn(job, "broken");
    this.page.say("broken");
    this.draft.moved();
  }

  again() {
    for (const job of this.broken) this.turn(job, "waiting");
    this.next();
  }

  forget(job) { this.jobs = this.jobs.filter((one) => one !== job); }

  // --- Buttons ------------------------------------------------------------------------------------------------------------

  pressed(event) {
    const button = event.target.closest("button");
    const item = button?.closest("li");
    const job = this.jobs.find((one) => one.item === item);
    if (!button) return;
    if ("again" in button.dataset) this.again();
    else if ("cancel" in button.dataset || "dismiss" in button.dataset) this.cancel(job);
    else if ("replace" in button.dataset) {
      event.preventDefault();
      this.choose(item);
    } else return;
    event.preventDefault();
  }

  cancel(job) {
    const next = job.item.nextElementSibling ?? job.item.previousElementSibling;
    if (job.state !== "refused") job.transfer?.cancel();
    this.forget(job);
    if (job.replaces) job.item.querySelector("[data-job]").remove();
    else job.item.remove();
    this.list.renumber();
    this.page.say("cancelled");
    (job.replaces ? job.item : next)?.querySelector("textarea")?.focus();
    if (!job.replaces && !next) this.input.focus();
    this.next();
  }

  // Another file in the place of the photo of `item`.
  choose(item) {
    if (this.jobs.some((job) => job.item === item && job.state !== "refused")) return;
    const input = Object.assign(document.createElement("input"), { type: "file", accept: this.input.accept });
    input.addEventListener("change", () => {
      const [file] = input.files;
      if (!file) return;
      this.jobs = this.jobs.filter((job) => job.item !== item);
      this.add({ file, item, replaces: item.dataset.photo });
      this.next();
    });
    input.click();
  }

  size(bytes) {
    const [unit, one] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
    const form = { style: "unit", unit, maximumFractionDigits: bytes < 1e6 ? 0 : 1 };
    return new Intl.NumberFormat(document.documentElement.lang, form).format(bytes / one);
  }
}
