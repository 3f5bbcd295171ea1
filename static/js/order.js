// Lists that are put in order by hand, by drag, key or button, each told to the server: see composer/order.js for moving.
// [data-orderable] is the form, with data-order as the address; its [data-list] holds the items, their keys in data-key.

import { makeOrderable } from "./composer/order.js";
import { Page } from "./composer/page.js";

for (const form of document.querySelectorAll("[data-orderable]")) {
  const element = form.querySelector("[data-list]");
  const list = {
    element,
    get items() { return [...element.children]; },
    get keys() { return this.items.map((item) => item.dataset.key); },
    renumber() {
      this.items.forEach((item, index) => {
        for (const number of item.querySelectorAll("[data-number]")) number.textContent = index + 1;
        for (const button of item.querySelectorAll("[data-move]")) {
          button.disabled = Number(button.dataset.move) < 0 ? index === 0 : index === this.items.length - 1;
        }
      });
    },
  };
  makeOrderable(new Page(form), list);
  form.classList.add("scripted");
}
