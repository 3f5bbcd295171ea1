// Text fields with [data-count] get a counter. Counted in characters as the server counts them, not in UTF-16 units.

function count(field) {
  if (field.nextElementSibling?.matches("output.count")) return;
  const shown = document.createElement("output");
  shown.className = "count";
  if (field.id) shown.htmlFor = field.id;
  field.after(shown);
  const update = () => {
    shown.textContent = `${[...field.value].length.toLocaleString()} / ${Number(field.dataset.count).toLocaleString()}`;
  };
  field.addEventListener("input", update);
  update();
}

const countIn = (place) => place.querySelectorAll("[data-count]").forEach(count);

countIn(document);
// What htmx brings later.
document.addEventListener("htmx:load", (event) => countIn(event.detail.elt));
