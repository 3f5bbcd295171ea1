// Makes forms that write posts more comfortable. Each works without this: a file field, a text field, a plain submit.
//   [data-count]  a text field gets a counter
//   [data-share]  a form with a file: drop, paste, preview, progress, and errors that keep the chosen file

for (const field of document.querySelectorAll("[data-count]")) count(field);
for (const form of document.querySelectorAll("form[data-share]")) enhance(form);

function count(field) {
  const shown = document.createElement("output");
  shown.className = "count";
  field.after(shown);
  // Counted in characters as the server counts them, not in UTF-16 units.
  const update = () => {
    shown.textContent = `${[...field.value].length.toLocaleString()} / ${Number(field.dataset.count).toLocaleString()}`;
  };
  field.addEventListener("input", update);
  update();
}

function enhance(form) {
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector("input[type=file]");
  const preview = drop.querySelector("[data-preview]");
  const chosen = drop.querySelector("[data-chosen]");
  const progress = form.querySelector("[data-progress]");
  const gallery = form.elements.gallery;
  form.classList.add("scripted");

  const complain = (text) => {
    const list = form.querySelector("[data-file-errors]");
    list.replaceChildren();
    if (text) {
      const item = document.createElement("li");
      item.textContent = text;
      list.append(item);
      list.setAttribute("role", "alert");
    }
    drop.classList.toggle("bad", Boolean(text));
  };

  const show = () => {
    const [file] = input.files;
    if (preview.src) URL.revokeObjectURL(preview.src);
    preview.hidden = !file;
    preview.removeAttribute("src");
    chosen.textContent = file ? file.name : "";
    complain(file && file.size > Number(input.dataset.most) ? input.dataset.tooLarge : "");
    if (file) preview.src = URL.createObjectURL(file);
  };
  preview.addEventListener("error", () => { preview.hidden = true; });
  input.addEventListener("change", show);

  const take = (files) => {
    const file = [...files].find((one) => one.type.startsWith("image/")) ?? files[0];
    if (!file) return;
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    show();
  };
  document.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(event.clipboardData.files); });

  if (gallery) {
    const part = form.querySelector("[data-new-gallery]");
    const toggle = () => { part.hidden = gallery.value !== "+"; };
    gallery.addEventListener("change", toggle);
    toggle();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [file] = input.files;
    if (file && file.size > Number(input.dataset.most)) {
      complain(input.dataset.tooLarge);
      return;
    }
    send();
  });

  function send() {
    const button = form.querySelector("button[type=submit]");
    const bar = progress.querySelector("progress");
    const words = progress.querySelector("span");
    const request = new XMLHttpRequest();
    const over = () => { button.disabled = false; progress.hidden = true; };
    button.disabled = true;
    progress.hidden = false;
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const percent = Math.round((100 * loaded) / total);
      bar.value = percent;
      words.textContent = percent < 100 ? form.dataset.sending.replace("PERCENT", percent) : form.dataset.sent;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        window.location.assign(request.responseURL);
        return;
      }
      over();
      if (request.status === 422) answer(request.responseText);
      else form.submit();  // some other page of the site's: let the browser show it
    });
    for (const broken of ["error", "timeout", "abort"]) {
      request.addEventListener(broken, () => { over(); complain(form.dataset.broken); });
    }
    request.open("POST", form.action || window.location.href);
    request.send(new FormData(form));
  }

  // Takes over what the answer says is wrong, and leaves what was typed and chosen as it is.
  function answer(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const theirs = page.querySelector("form[data-share]");
    if (!theirs) {
      form.submit();
      return;
    }
    form.querySelector("[data-errors]").replaceChildren(...theirs.querySelector("[data-errors]").childNodes);
    complain(theirs.querySelector("[data-file-errors]").textContent.trim());
    for (const field of form.querySelectorAll(".field")) {
      const control = field.querySelector("[name]");
      const other = control && theirs.querySelector(`[name="${control.name}"]`)?.closest(".field");
      field.querySelector(".errors")?.remove();
      const errors = other?.querySelector(".errors");
      if (errors) field.append(errors);
      control?.toggleAttribute("aria-invalid", Boolean(errors));
    }
    form.querySelector(".errors li")?.scrollIntoView({ block: "center" });
  }
}
