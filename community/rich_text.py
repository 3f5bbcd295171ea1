"""Rich text that staff write for members, made fit to show: links made plain, nothing but a few elements kept."""

from wagtail.rich_text import expand_db_html
from wagtail.whitelist import Whitelister, allow_without_attributes, attribute_rule, check_url


class PolicyWhitelister(Whitelister):
    """What a policy may hold. Styles, scripts, images and attributes other than a link's go; their text stays."""

    element_rules = {
        "[document]": allow_without_attributes,
        "a": attribute_rule({"href": check_url}),
        **dict.fromkeys(("h2", "h3", "p", "br", "b", "i", "strong", "em", "ul", "ol", "li"), allow_without_attributes),
    }


def shown(text):
    """`text` as Wagtail stores it, as HTML to show. Applied to its own result it changes nothing."""
    return PolicyWhitelister().clean(expand_db_html(text))
