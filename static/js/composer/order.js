// Moving photos: by the handle with a pointer or a finger, by the handle with the arrow keys, by the buttons up and down.

const EDGE = 72, STEP = 8;  // pixels: how near to the window's edge a drag scrolls, and how far in a frame

export function makeOrderable(page, list) {
  const { element } = list;
  let timer;

  // Tells the server, once nobody has moved anything for a moment.
  const save = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!list.keys.length) return;
      try {
        const answer = await page.ask(page.form.dataset.order, { key: list.keys });
        if (!answer.ok) page.say("refused", { MESSAGE: answer.text });
      } catch {
        page.say("broken");
        window.addEventListener("online", save, { once: true });
      }
    }, 300);
  };
  list.saveOrder = save;

  const moved = (item) => {
    list.renumber();
    page.say("moved", { PLACE: list.items.indexOf(item) + 1, NUMBER: list.items.length });
    save();
  };

  const move = (item, by) => {
    const { items } = list;
    const from = items.indexOf(item);
    const to = Math.max(0, Math.min(items.length - 1, from + by));
    if (to === from) return;
    // The neighbours go round it: an element that is taken out and put in again loses the focus.
    if (to > from) items.slice(from + 1, to + 1).forEach((one) => item.before(one));
    else items.slice(to, from).reverse().forEach((one) => item.after(one));
    moved(item);
    item.scrollIntoView({ block: "nearest" });
  };

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    move(item, Number(button.dataset.move));
    if (button.disabled) item.querySelector("[data-move]:not(:disabled)")?.focus();
  });

  element.addEventListener("keydown", (event) => {
    const handle = event.target.closest("[data-handle]");
    const by = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!handle || by === undefined) return;
    event.preventDefault();
    move(handle.closest("li"), by);
  });

  element.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    event.preventDefault();
    handle.focus();
    drag(handle.closest("li"), event);
  });

  function drag(item, { pointerId: pointer, clientY: y }) {
    const before = list.items;
    item.classList.add("dragged");
    const follow = ({ pointerId, clientY }) => { if (pointerId === pointer) y = clientY; };
    // Once a frame, also where the pointer rests near the window's edge.
    const step = () => {
      if (!item.classList.contains("dragged")) return;
      if (y < EDGE) window.scrollBy(0, -STEP);
      else if (y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
      arrange();
      requestAnimationFrame(step);
    };
    const arrange = () => {
      for (let one; (one = item.previousElementSibling) && y < middle(one);) item.after(one);
      for (let one; (one = item.nextElementSibling) && y > middle(one);) item.before(one);
    };
    requestAnimationFrame(step);
    const end = ({ type, pointerId, key }) => {
      if (type === "keydown" ? key !== "Escape" : pointerId !== pointer) return;
      for (const [name, listener] of listeners) document.removeEventListener(name, listener);
      item.classList.remove("dragged");
      if (type === "pointerup") arrange();
      if (type !== "pointerup") before.forEach((one) => one.isConnected && element.append(one));
      if (list.items.some((one, index) => one !== before[index])) moved(item);
    };
    const listeners = [["pointermove", follow], ["pointerup", end], ["pointercancel", end], ["keydown", end]];
    for (const [name, listener] of listeners) document.addEventListener(name, listener);
  }
}

function middle(item) {
  const { top, height } = item.getBoundingClientRect();
  return top + height / 2;
}
