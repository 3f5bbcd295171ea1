// Looks every minute whether the home feed has something new, while somebody can see the page. The answer is a link.
const fresh = document.getElementById("fresh");
const MINUTE = 60_000;
let looked = Date.now();

function look() {
  if (document.visibilityState !== "visible" || Date.now() - looked < MINUTE) return;
  looked = Date.now();
  window.htmx?.trigger(fresh, "look");
}

if (fresh) {
  setInterval(look, MINUTE / 12);
  // Who comes back to the page after a while need not wait for the next minute.
  document.addEventListener("visibilitychange", look);
}
