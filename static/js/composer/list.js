// The photos in the open page. The server sends the list as HTML; what differs is taken over, and what somebody is typing
// is never touched. While something is being prepared the list is asked for again, ever more seldom.

const FIRST_WAIT = 800, LONGEST_WAIT = 10_000;  // milliseconds

export class List {
  constructor(page) {
    this.page = page;
    this.element = page.form.querySelector("[data-list]");
    page.form.addEventListener("click", (event) => this.pressed(event));
    this.element.addEventListener("input", () => this.count());
  }

  get items() { return [...this.element.children]; }
  get keys() { return this.items.map((item) => item.dataset.photo).filter(Boolean); }

  find(key) { return this.items.find((item) => item.dataset.photo === key); }

  // --- What the server says -----------------------------------------------------------------------------------------

  merge(html) {
    const theirs = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-list] > li")];
    const kept = new Set();
    let before = null;
    for (const item of theirs) {
      const key = item.dataset.photo;
      // Another picture has taken its place: the item stays, and what is typed in it.
      const own = this.find(key) ?? this.items.find((one) => one.dataset.replacement === key);
      if (own) this.takeOver(own, item);
      else if (before) before.after(document.adoptNode(item));
      else this.element.prepend(document.adoptNode(item));
      before = own ?? item;
      kept.add(before);
    }
    for (const item of this.items) if (item.dataset.photo && !kept.has(item)) item.remove();
    this.renumber();
    this.watch();
  }

  // Makes an item of the page say what the server's says: key, state, face; its words stay as they are typed.
  takeOver(own, item) {
    const isNew = own.dataset.photo !== item.dataset.photo;
    for (const name of ["photo", "state", "replacement"]) {
      if (item.dataset[name]) own.dataset[name] = item.dataset[name];
      else delete own.dataset[name];
    }
    if (isNew) this.rename(own, item);
    for (const part of ["state", "focus"]) {
      const [ours, theirs] = [own, item].map((one) => one.querySelector(`[data-part="${part}"]`));
      const open = ours.contains(document.activeElement) || ours.querySelector("details[open]");
      if (!open && ours.innerHTML !== theirs.innerHTML) ours.replaceChildren(...theirs.childNodes);
    }
    showFace(own.querySelector('[data-part="face"]'), item.querySelector('[data-part="face"]'));
  }

  rename(own, item) {
    const [ours, theirs] = [own, item].map((one) => one.querySelector("textarea"));
    const errors = own.querySelector(".field .errors");
    errors?.remove();
    ours.name = theirs.name;
    ours.id = theirs.id;
    own.querySelector("label").htmlFor = theirs.id;
    const focused = own.querySelector(".tools").contains(document.activeElement);
    own.querySelector(".tools").replaceWith(document.adoptNode(item.querySelector(".tools")));
    if (focused) own.querySelector("[data-handle]").focus();
    // Typed before it had a name: to be saved now.
    if (ours.value !== theirs.value) ours.dispatchEvent(new Event("input", { bubbles: true }));
  }

  watch() {
    clearTimeout(this.timer);
    const waiting = this.element.querySelector('[data-state="pending"]');
    if (!waiting) {
      this.wait = FIRST_WAIT;
      return;
    }
    this.timer = setTimeout(() => this.refresh(), this.wait ?? FIRST_WAIT);
    this.wait = Math.min((this.wait ?? FIRST_WAIT) * 1.4, LONGEST_WAIT);
  }

  async refresh() {
    try {
      const answer = await this.page.ask(this.page.form.dataset.photos);
      if (answer.ok) this.merge(answer.text);
      else this.watch();
    } catch {
      this.watch();
    }
  }

  // --- Numbers and the nudge ----------------------------------------------------------------------------------------

  renumber() {
    const { items } = this;
    items.forEach((item, index) => {
      for (const number of item.querySelectorAll("[data-number]")) number.textContent = index + 1;
      for (const button of item.querySelectorAll("[data-move]")) {
        const stays = Number(button.dataset.move) < 0 ? index === 0 : index === items.length - 1;
        button.disabled = stays;
      }
    });
    for (const one of this.page.form.querySelectorAll("[data-several]")) one.hidden = items.length < 2;
    this.count();
  }

  count() {
    const NUMBER = this.items.filter((item) => !item.querySelector("textarea")?.value.trim() && !item.dataset.refused).length;
    this.page.form.querySelector("[data-nudge]").textContent = NUMBER ? this.page.word("nudge", { NUMBER }) : "";
  }

  // --- Removing, and trying again what could not be prepared ----------------------------------------------------------

  pressed(event) {
    const button = event.target.closest("button");
    const item = button?.closest("[data-photo]");
    if (!item) return;
    if (button.dataset.remove) {
      event.preventDefault();
      if (this.page.isPublished) this.confirm(item, button);
      else this.act(button.dataset.remove, item, "removed");
    } else if (button.dataset.retry) {
      event.preventDefault();
      this.act(button.dataset.retry, item, "retrying");
    }
  }

  confirm(item, button) {
    if (item.querySelector("[data-confirm]")) return;
    const question = this.page.made("confirm");
    item.append(question);
    question.querySelector("[data-yes]").addEventListener("click", () => this.act(button.dataset.remove, item, "removed"));
    question.querySelector("[data-no]").addEventListener("click", () => {
      question.remove();
      button.focus();
    });
    question.querySelector("[data-no]").focus();
  }

  async act(url, item, done) {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    try {
      const answer = await this.page.ask(url, {});
      if (!answer.ok) {
        this.page.say("refused", { MESSAGE: answer.text });
        return;
      }
      this.merge(answer.text);
      this.page.say(done);
      if (!item.isConnected) (next?.querySelector("textarea") ?? this.page.form.querySelector("input[type=file]"))?.focus();
    } catch {
      this.page.say("broken");
    }
  }
}

// The server's rendition takes the place of a local preview once it is there in full; a local preview stays until then.
function showFace(ours, theirs) {
  const [shown, image] = [ours, theirs].map((face) => face.querySelector("img"));
  if (!image) {
    if (!shown?.src.startsWith("blob:")) ours.replaceChildren(...theirs.childNodes);
    return;
  }
  if (shown?.getAttribute("src") === image.getAttribute("src")) return;
  document.adoptNode(image).decode().catch(() => {}).then(() => {
    ours.replaceChildren(image);
    if (shown?.src.startsWith("blob:")) URL.revokeObjectURL(shown.src);
  });
}
