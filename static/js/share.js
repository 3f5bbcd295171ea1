// Sharing a post's link: by the system's own sheet where there is one on a touch screen, else it is copied. Without this
// the button is a plain link.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-share]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const sheet = navigator.share && matchMedia("(pointer: coarse)").matches;
  if (!sheet && !navigator.clipboard) return;
  event.preventDefault();
  try {
    if (sheet) {
      await navigator.share({ title: link.dataset.share, url: link.href });
    } else {
      await navigator.clipboard.writeText(link.href);
      document.getElementById("shared").textContent = link.dataset.copied;
    }
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
  }
});
