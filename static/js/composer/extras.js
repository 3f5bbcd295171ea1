// Small comforts: fields that only make sense with another one, and the point in a picture that matters most.

export function together(form) {
  const pairs = [
    [form.elements.gallery, "[data-new-gallery]", (field) => field.value === "+"],
    [form.elements.sensitive, "[data-reason]", (field) => field.checked],
  ];
  for (const [field, part, wanted] of pairs) {
    const other = form.querySelector(part);
    if (!field || !other) continue;
    const toggle = () => { other.hidden = !wanted(field); };
    field.addEventListener("change", toggle);
    toggle();
  }
}

export function pointAt(form) {
  const fields = (focus) => [...focus.querySelectorAll("input[type=number]")];

  const mark = (focus) => {
    const dot = focus.querySelector(".focus-mark");
    const [x, y] = fields(focus).map((field) => field.value);
    dot.hidden = x === "" || y === "";
    dot.style.left = `${x}%`;
    dot.style.top = `${y}%`;
  };

  form.addEventListener("click", (event) => {
    const stage = event.target.closest("[data-focus]");
    if (!stage) return;
    const focus = stage.closest(".focus");
    const box = stage.querySelector("img").getBoundingClientRect();
    const part = (at, start, size) => Math.max(0, Math.min(100, Math.round((100 * (at - start)) / size)));
    const [x, y] = fields(focus);
    x.value = part(event.clientX, box.left, box.width);
    y.value = part(event.clientY, box.top, box.height);
    for (const field of [x, y]) field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("input", (event) => {
    const focus = event.target.closest(".focus");
    if (focus) mark(focus);
  });
  form.addEventListener("toggle", (event) => { if (event.target.matches(".focus")) mark(event.target); }, true);
}
