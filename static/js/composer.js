// Makes the composer and the edit page of a post comfortable. Both are plain forms that work without this. The parts:
//   page.js   the form's words, addresses and requests      list.js    its photos as the server has them
//   queue.js  files on their way, one at a time             order.js   moving photos by drag and by key
//   draft.js  saving while somebody types, and publishing   extras.js  fields that belong together, the point that matters

import "./count.js";
import { Draft } from "./composer/draft.js";
import { together, pointAt } from "./composer/extras.js";
import { List } from "./composer/list.js";
import { makeOrderable } from "./composer/order.js";
import { Page } from "./composer/page.js";
import { Queue } from "./composer/queue.js";

for (const form of document.querySelectorAll("form[data-composer]")) {
  const page = new Page(form);
  const list = new List(page);
  const draft = new Draft(page, list);
  const queue = new Queue(page, list, draft);
  draft.queue = queue;
  makeOrderable(page, list);
  together(form);
  pointAt(form);
  form.classList.add("scripted");
  for (const one of form.querySelectorAll(".plain-only")) one.remove();
  list.renumber();
  list.watch();
  queue.takeChosen();
}
