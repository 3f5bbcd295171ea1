"""Fields of forms in our look: labelled, with help and errors that screen readers find."""

from django import forms
from django.template.loader import render_to_string


class Example(forms.Form):
    name = forms.CharField(help_text="As you like to be called.")
    about = forms.CharField(widget=forms.Textarea, required=False)
    agree = forms.BooleanField(label="I agree")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def drawn(name, data=None):
    return render_to_string("includes/field.html", {"field": Example(data)[name]})


def test_field_has_its_label_and_is_tied_to_its_help():
    html = drawn("name")
    assert '<label for="id_name">Name' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext"' in html


def test_error_is_shown_and_tied_to_the_field():
    html = drawn("name", {"name": ""})
    assert "This field is required." in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_people_write_runs_in_its_own_direction():
    assert 'dir="auto"' in drawn("name")
    assert 'dir="auto"' in drawn("about")


def test_field_that_may_stay_empty_says_so():
    assert "(optional)" in drawn("about")
    assert "(optional)" not in drawn("name")


def test_tick_box_stands_before_its_label():
    html = drawn("agree")
    assert html.index('type="checkbox"') < html.index("I agree")


def test_choices_are_a_group_with_a_legend():
    html = drawn("kind")
    assert "<fieldset" in html and "<legend>Kind</legend>" in html


def test_errors_of_the_whole_form_come_first():
    form = Example({"name": "x"})
    form.add_error(None, "Nothing was saved.")
    html = render_to_string("includes/form_fields.html", {"form": form})
    assert html.index("Nothing was saved.") < html.index("<label")
