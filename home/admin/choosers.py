"""The windows in which curators choose a post, a gallery or a member for a block, with pictures, by keyset."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from ..choosing import KINDS
from ..permissions import may_curate

LONGEST = 2000  # characters of what is typed


class ThingChooser(BaseChooser):
    """The field of a block: what is chosen, and the button that opens the window."""

    show_edit_link = False

    def __init__(self, kind, **kwargs):
        self.kind = kind
        super().__init__(choose_one_text=kind.choose, choose_another_text=kind.choose_another, icon=kind.icon, **kwargs)

    @property
    def chooser_modal_url_name(self):
        return f"choose_{self.kind.name}:choose"

    def get_value_data(self, value):
        return self.kind.state(str(value), self.kind.titles([str(value)])) if value else None


def widget_of(kind):
    return ThingChooser(kind)


class FindForm(forms.Form):
    """What is typed to find something: the window sends it as it is typed."""

    q = forms.CharField(label=_("Find"), max_length=LONGEST, required=False)

    def __init__(self, kind, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["placeholder"] = kind.placeholder


class ForCurators(View):
    """A view for who composes pages; `kind` is what they choose."""

    kind = None

    def dispatch(self, request, *args, **kwargs):
        if not may_curate(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ChooseView(ForCurators):
    """The window: a field to find by, and one page of what was found. With `part` that page alone."""

    part = False

    def get(self, request):
        typed = request.GET.get("q", "")[:LONGEST]
        page = self.kind.find(typed, request.GET.get("after", ""))
        results_url = reverse(f"choose_{self.kind.name}:results")
        context = {"kind": self.kind, "page": page, "q": typed, "results_url": results_url}
        for thing in page:
            thing.choice_url = reverse(f"choose_{self.kind.name}:chosen", args=[thing.choice_key])
        if self.part:
            return TemplateResponse(request, "home/admin/chooser_results.html", context)
        context["form"] = FindForm(self.kind, request.GET or None)
        return render_modal_workflow(request, "home/admin/chooser.html", None, context, json_data={"step": "choose"})


class ChosenView(ForCurators):
    """What was pressed: the window closes and the field holds it."""

    def get(self, request, key):
        # PostgreSQL takes no NUL in a text.
        titles = self.kind.titles([key]) if "\0" not in key else {}
        if key not in titles:
            raise Http404
        result = self.kind.state(key, titles)
        return render_modal_workflow(request, None, None, None, json_data={"step": "chosen", "result": result})


class ThingsViewSet(ViewSet):
    """The window for one kind, below /admin/choose-<kind>/."""

    kind = None

    def get_urlpatterns(self):
        return [
            path("", ChooseView.as_view(kind=self.kind), name="choose"),
            path("results/", ChooseView.as_view(kind=self.kind, part=True), name="results"),
            path("chosen/<str:key>/", ChosenView.as_view(kind=self.kind), name="chosen"),
        ]


def viewsets():
    """Hook `register_admin_viewset`: one for each kind."""
    return [
        ThingsViewSet(f"choose_{kind.name}", url_prefix=f"choose-{kind.name}", kind=kind) for kind in KINDS.values()
    ]
