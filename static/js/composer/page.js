// The form of the composer: its words in the person's language, where its parts live, and how it asks the server.

import { token } from "../uploads.js";

export class Page {
  constructor(form) {
    this.form = form;
    this.words = Object.fromEntries(
      [...form.querySelector("[data-words]").content.children].map((one) => [one.dataset.word, one.textContent.trim()]),
    );
    this.status = form.querySelector("[data-status]");
  }

  get isPublished() { return "published" in this.form.dataset; }
  get hasDraft() { return Boolean(this.form.dataset.draft); }

  // The word called `name` with {thing: value} put in; of two forms, the one for `number` where there is one.
  word(name, values = {}) {
    const form = values.NUMBER === 1 && this.words[`${name}-one`] ? `${name}-one` : name;
    return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(key, value), this.words[form]);
  }

  // Says something below the form, aloud as well for who listens to the page.
  say(name, values) {
    this.status.textContent = name ? this.word(name, values) : "";
  }

  // A copy of what stands in the template called `name`.
  made(name) {
    return this.form.querySelector(`template[data-template="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  // POST `fields` (FormData or an object), or GET without; gives {ok, status, text}. Throws where the connection broke.
  async ask(url, fields) {
    const body = fields instanceof FormData ? fields : fields && new FormData();
    if (body !== fields) for (const [name, value] of Object.entries(fields)) [value].flat().forEach((one) => body.append(name, one));
    const headers = { "HX-Request": "true" };
    if (body) headers["X-CSRFToken"] = token();
    const response = await fetch(url, { method: body ? "POST" : "GET", headers, body });
    // Signed out meanwhile, or asked to accept something: that page explains itself.
    const elsewhere = response.headers.get("HX-Redirect") ?? (response.redirected ? response.url : "");
    if (elsewhere) {
      this.leaving = true;
      window.location.assign(elsewhere);
    }
    const text = await response.text();
    // A page of errors is nothing to show inside this one.
    const said = response.ok || !text.trimStart().startsWith("<") ? text : this.word("trouble");
    return { ok: response.ok && !elsewhere, status: response.status, text: said };
  }

  // Makes the draft that files go into, once; throws where the connection broke, gives what was refused in words or "".
  async start() {
    if (this.hasDraft) return "";
    const { form } = this;
    const answer = await this.ask(form.dataset.start, {
      token: form.elements.token.value, gallery: form.elements.gallery?.value ?? "",
    });
    if (!answer.ok) return answer.text;
    const { draft, url, photos, order } = JSON.parse(answer.text);
    Object.assign(form.dataset, { draft, photos, order });
    form.action = url;
    // So that a reload comes back to the draft, with everything.
    window.history.replaceState(null, "", url);
    for (const one of form.querySelectorAll("[data-draft-only]")) one.hidden = false;
    form.querySelector("button[name=do]").value = "save";
    form.dispatchEvent(new CustomEvent("composer:started"));
    return "";
  }
}

// A key for a photo that is to be: so a request that is sent again, because its answer was lost, adds nothing twice.
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export function newKey() {
  const drawn = [];
  while (drawn.length < 10) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 4 * BASE58.length) drawn.push(BASE58[byte % BASE58.length]);
  }
  return drawn.join("");
}
