// The search field suggests members and hashtags while somebody types: a combobox with a list of options, as the ARIA
// Authoring Practices describe it. htmx asks for the options; without scripts the field is a plain one.
const field = document.querySelector(".find input");
const list = document.getElementById("find-list");
const said = document.getElementById("find-said");

if (field && list) {
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    choose(null);
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) said.textContent = "";
  };

  list.addEventListener("htmx:afterSwap", () => {
    const count = options().length;
    const open = count > 0 && field.value.trim() !== "" && document.activeElement === field;
    show(open);
    if (open) said.textContent = said.dataset.words.replace("%s", count);
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const place = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length || !field.value.trim()) return;
      event.preventDefault();
      if (list.hidden) show(true);
      // From the field to the first or last, and beyond these back into the field.
      const next = event.key === "ArrowDown" ? place + 1 : (place === -1 ? all.length : place) - 1;
      choose(all[next] ?? null);
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // which would empty the field as well
      show(false);
    } else if (event.key === "Tab") {
      show(false);
    }
  });

  // What is on its way when the list was left must not open it again: the field has no focus then.
  field.addEventListener("blur", () => show(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
}
