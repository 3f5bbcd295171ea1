"""A page as a browser would make it, for tests that look into one."""

from html.parser import HTMLParser

# What hostile people write carries this mark (and a tag), so that it is recognised wherever it is shown.
MARK = "Zwölfeck"
VOID = {"meta", "link", "input", "img", "br", "hr", "source", "wbr"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements, its title, and whatever people wrote in it."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.title, self.astray, self.inline = [], [], "", [], []
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        attributes = {name: value or "" for name, value in attributes}
        self.elements.append((tag, attributes))
        for name, value in attributes.items():
            if name == "style" or name.startswith(("on", "hx-on")) or value.strip().lower().startswith("javascript:"):
                self.inline.append(f"<{tag} {name}={value!r}>")
        # JSON-LD is data, which no browser runs.
        data = tag == "script" and attributes.get("type") == "application/ld+json"
        if tag == "style" or (tag == "script" and not attributes.get("src") and not data):
            self.inline.append(f"<{tag}>")
        if tag in ("input", "textarea") and MARK in attributes.get("value", "") and attributes.get("dir") != "auto":
            self.astray.append(f"<{tag} {attributes}>")
        if tag not in VOID:
            self.open.append((tag, attributes))

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data):
        names = [tag for tag, _attributes in self.open]
        if "title" in names:
            self.title += data
        elif MARK in data and not any(tag == "bdi" or a.get("dir") == "auto" for tag, a in self.open):
            self.astray.append(data.strip())
