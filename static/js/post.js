// The stage of a post, made more comfortable. Without this the strip scrolls and its links lead from photo to photo, and a
// picture's link opens the file itself.
//   #strip       next and previous by a smooth turn, and by the arrow keys
//   a.open       opens the picture in a lightbox (PhotoSwipe), which is fetched with the first one
//   #post        keeps its place when the server sends it anew

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const slidesOf = (strip) => [...strip.querySelectorAll(":scope > .slide")];

function shownIn(strip) {
  const middle = strip.getBoundingClientRect().left + strip.clientWidth / 2;
  return slidesOf(strip).findIndex((slide) => {
    const box = slide.getBoundingClientRect();
    return box.left <= middle && middle < box.right;
  });
}

function turn(strip, to, { smooth = !calm.matches } = {}) {
  const slide = slidesOf(strip)[to];
  if (!slide) return;
  const by = slide.getBoundingClientRect().left - strip.getBoundingClientRect().left;
  strip.scrollBy({ left: by, behavior: smooth ? "smooth" : "instant" });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest("a.turn, a.open");
  const strip = link?.closest(".strip");
  if (!strip) return;
  event.preventDefault();
  const here = slidesOf(strip).indexOf(link.closest(".slide"));
  if (link.matches(".open")) return look(strip, link);
  const to = here + (link.matches(".after") ? 1 : -1);
  turn(strip, to);
  // The same link of the photo that comes, so that a key pressed again goes on; at an end, the one that leads back.
  const next = slidesOf(strip)[to];
  (next.querySelector(link.matches(".after") ? ".after" : ".before") ?? next.querySelector(".turn")).focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  const strip = document.getElementById("strip");
  if (!strip?.checkVisibility() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  if (document.querySelector(".pswp") || event.target.closest("input, textarea, select, [contenteditable], .scroll")) return;
  event.preventDefault();
  const forward = (event.key === "ArrowRight") !== (getComputedStyle(strip).direction === "rtl");
  turn(strip, shownIn(strip) + (forward ? 1 : -1));
});

// --- The lightbox ------------------------------------------------------------------------------------------------------

async function look(strip, link) {
  const { lightbox, close, zoom, previous, next, broken } = strip.closest("[data-lightbox]").dataset;
  let PhotoSwipe;
  try {
    ({ default: PhotoSwipe } = await import(lightbox));
  } catch {
    location.assign(link.href);  // as without script
    return;
  }
  const links = slidesOf(strip).map((slide) => slide.querySelector("a.open")).filter(Boolean);
  const viewer = new PhotoSwipe({
    dataSource: links.map((one) => {
      const picture = one.querySelector("picture img");
      return {
        src: (!calm.matches && one.dataset.animated) || one.href,
        width: Number(one.dataset.width),
        height: Number(one.dataset.height),
        alt: picture?.alt ?? "",
        msrc: picture?.currentSrc,
        element: one,
      };
    }),
    index: links.indexOf(link),
    thumbSelector: "picture img",
    loop: false,
    returnFocus: false,
    bgOpacity: 1,
    closeTitle: close,
    zoomTitle: zoom,
    arrowPrevTitle: previous,
    arrowNextTitle: next,
    errorMsg: broken,
    ...(calm.matches && { showHideAnimationType: "none", zoomAnimationDuration: false }),
  });
  // The strip behind follows, so that a picture goes back to where it lies.
  viewer.on("change", () => turn(strip, slidesOf(strip).indexOf(links[viewer.currIndex].closest(".slide")), { smooth: false }));
  // Not to the link that opened it, which would pull the strip back.
  viewer.on("destroy", () => links[viewer.currIndex].focus({ preventScroll: true }));
  viewer.init();
}

// --- The post anew -----------------------------------------------------------------------------------------------------

let kept = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const strip = event.target.id === "post" && document.getElementById("strip");
  kept = strip ? slidesOf(strip)[shownIn(strip)]?.id : "";
});

document.addEventListener("htmx:afterSettle", () => {
  const strip = document.getElementById("strip");
  const slide = kept && document.getElementById(kept);
  if (strip && slide) turn(strip, slidesOf(strip).indexOf(slide), { smooth: false });
  kept = "";
});
