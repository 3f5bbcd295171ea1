// Fields for dates and times in the console: starts Wagtail's calendar for each, those that come later as well. Wagtail does
// this by a script within the page, which our policy forbids (templates/wagtailadmin/widgets).
const STARTERS = { date: "initDateChooser", time: "initTimeChooser", datetime: "initDateTimeChooser" };

function start(root) {
  for (const mark of root.querySelectorAll("[data-calendar]")) {
    const { calendar, field, settings } = mark.dataset;
    mark.remove();
    window[STARTERS[calendar]]?.(field, JSON.parse(settings));
  }
}

start(document);
new MutationObserver((changes) => {
  if (changes.some((change) => change.addedNodes.length)) start(document);
}).observe(document.body, { childList: true, subtree: true });
