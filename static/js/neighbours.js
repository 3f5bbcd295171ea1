// From post to post through the list that one came from: by the arrow keys, and by a swipe over the picture. Within a post
// of several photos both turn its photos first, and go on at its ends.

const FAR = 70;  // pixels that a finger moves for a swipe

function atAnEnd(forward) {
  const strip = document.getElementById("strip");
  if (!strip) return true;
  const moved = Math.abs(strip.scrollLeft);
  return forward ? moved + strip.clientWidth >= strip.scrollWidth - 2 : moved <= 2;
}

function go(forward) {
  const link = document.getElementById(forward ? "next-post" : "previous-post");
  if (!link || !atAnEnd(forward) || document.querySelector(".pswp, dialog[open]")) return false;
  location.assign(link.href);
  return true;
}

const isForward = (towardsEnd) => towardsEnd !== (getComputedStyle(document.documentElement).direction === "rtl");

// Before post.js, which turns the photos of a strip by the same keys.
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  if (event.target.closest("input, textarea, select, [contenteditable], .scroll")) return;
  if (go(isForward(event.key === "ArrowRight"))) {
    event.preventDefault();
    event.stopPropagation();
  }
}, { capture: true });

let start = null;

document.addEventListener("touchstart", (event) => {
  const within = event.touches.length === 1 && event.target.closest(".stage");
  const ends = { false: atAnEnd(false), true: atAnEnd(true) };  // as it was before the strip moved with the finger
  start = within ? { x: event.touches[0].clientX, y: event.touches[0].clientY, ends } : null;
}, { passive: true });

document.addEventListener("touchend", (event) => {
  if (!start || event.touches.length) return;
  const { clientX, clientY } = event.changedTouches[0];
  const [x, y] = [clientX - start.x, clientY - start.y];
  const forward = isForward(x < 0);
  if (Math.abs(x) > FAR && Math.abs(x) > 2 * Math.abs(y) && (visualViewport?.scale ?? 1) === 1 && start.ends[forward]) go(forward);
  start = null;
}, { passive: true });
