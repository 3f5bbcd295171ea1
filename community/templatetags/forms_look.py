"""Template filters that give form fields our look: classes, and nothing that the form did not say."""

from django import forms, template

register = template.Library()
PLAIN = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


@register.filter
def is_checkbox(field):
    """Whether a bound field is one tick box, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def dressed(field):
    """A bound field's widget with the class of an input, tied to its help and its errors for screen readers."""
    widget = field.field.widget
    attrs = {}
    if not isinstance(widget, PLAIN):
        attrs["class"] = f"{widget.attrs.get('class', '')} input".strip()
        if isinstance(widget, (forms.Textarea, forms.TextInput)) and "dir" not in widget.attrs:
            attrs["dir"] = "auto"
    tied = [f"{field.auto_id}_helptext"] if field.help_text else []
    tied += [f"{field.auto_id}_error"] if field.errors else []
    if tied and not field.use_fieldset:
        attrs["aria-describedby"] = " ".join(tied)
    return field.as_widget(attrs=attrs)
