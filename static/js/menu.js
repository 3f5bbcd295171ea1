// Tabs scroll sideways on a phone: the one that is open comes into view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const tabs = tab.closest(".tabs");
  const [here, there] = [tabs.getBoundingClientRect(), tab.getBoundingClientRect()];
  tabs.scrollLeft += there.left + there.width / 2 - here.left - here.width / 2;
}

// Menus are <details> and open without script. This closes them by Escape, by a press elsewhere, and one when another opens.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// htmx puts no error into the page. Whoever pressed something too often is told so; the answer says where it goes.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 429) detail.shouldSwap = true;
});
