// The console's cases: each element with data-key is pressed by that key, off while somebody types; [data-veil] shows the
// pictures of each [data-veiled], and blurs them again, without asking for the page anew.

const typing = "input, textarea, select, [contenteditable], [role=dialog]";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(typing) || !/^[a-z0-9]$/i.test(event.key)) return;
  const pressed = document.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
  if (!pressed) return;
  event.preventDefault();
  pressed.click();
});

for (const link of document.querySelectorAll("[data-veil]")) {
  const veiled = document.querySelectorAll("[data-veiled]");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const clear = !veiled[0].classList.contains("clear");
    for (const pictures of veiled) pictures.classList.toggle("clear", clear);
    link.querySelector("[data-when-veiled]").hidden = clear;
    link.querySelector("[data-when-clear]").hidden = !clear;
  });
}
