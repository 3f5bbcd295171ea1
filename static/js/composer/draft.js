// A draft saves itself while somebody types. Publishing waits for files that are still on their way, and says so.

const PAUSE = 700, AGAIN = 4000;  // milliseconds

export class Draft {
  constructor(page, list) {
    Object.assign(this, { page, list });
    const { form } = page;
    this.saved = form.querySelector("[data-saved]");
    if (!page.isPublished) {
      for (const name of ["input", "change"]) form.addEventListener(name, (event) => this.typed(event));
      form.addEventListener("composer:started", () => this.later(0));
      window.addEventListener("pagehide", () => { if (this.dirty && page.hasDraft) navigator.sendBeacon(form.action, this.fields()); });
    }
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.unfinished.length && !page.leaving) event.preventDefault();
    });
  }

  // --- Saving while typing --------------------------------------------------------------------------------------------

  typed({ target }) {
    if (target.type === "file" || !target.name || target.name === "separately") return;
    this.dirty = true;
    this.saved.textContent = "";
    if (this.page.hasDraft) this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  fields() {
    const fields = new FormData(this.page.form);
    fields.delete("picture");
    fields.set("do", "autosave");
    return fields;
  }

  async save() {
    if (this.saving) {
      this.later(PAUSE);
      return;
    }
    this.saving = true;
    this.dirty = false;
    try {
      const answer = await this.page.ask(this.page.form.action, this.fields());
      // What was typed meanwhile is not saved yet: that is said when it is.
      if (!answer.ok) this.saved.textContent = answer.text;
      else if (!this.dirty) this.saved.textContent = this.page.word("saved");
    } catch {
      this.dirty = true;
      this.saved.textContent = this.page.word("not-saved");
      this.later(AGAIN);
    }
    this.saving = false;
  }

  // --- Publishing -------------------------------------------------------------------------------------------------------

  submitted(event) {
    const { page, queue } = this;
    const discards = event.submitter?.value === "discard";
    const NUMBER = queue.unfinished.length;
    if (!NUMBER || discards) {
      clearTimeout(this.timer);
      this.dirty = false;
      page.leaving = true;
      return;
    }
    event.preventDefault();
    if (queue.broken.length) {
      page.say("broken-first", { NUMBER: queue.broken.length });
      queue.broken[0].item.querySelector("[data-again]").focus();
    } else {
      this.waiting = event.submitter;
      page.say("waits", { NUMBER });
    }
  }

  // Called whenever a file arrived or was given up.
  moved() {
    const NUMBER = this.queue.unfinished.length;
    if (!this.waiting) return;
    if (this.queue.broken.length || this.queue.refused.length) {
      this.waiting = null;
      this.page.say(this.queue.broken.length ? "broken-first" : "refused-first", { NUMBER: this.queue.broken.length });
    } else if (NUMBER) {
      this.page.say("waits", { NUMBER });
    } else {
      this.page.form.requestSubmit(this.waiting);
    }
  }
}
