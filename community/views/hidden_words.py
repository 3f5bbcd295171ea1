"""The settings page for words that one does not want to read in comments."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ..actions.set_hidden_words import set_hidden_words
from ..forms_talk import HiddenWordsForm
from ..models import Profile


@never_cache
@login_required
def words(request):
    """/settings/words/"""
    present = Profile.objects.filter(user=request.user).values_list("hidden_words", flat=True).first() or ""
    form = HiddenWordsForm(request.POST if request.method == "POST" else None, initial={"hidden_words": present})
    if request.method == "POST" and form.is_valid():
        try:
            set_hidden_words(request.user, form.cleaned_data["hidden_words"])
        except ValidationError as refusal:
            form.add_error("hidden_words", refusal.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("hidden_words")
    return render(request, "community/settings/words.html", {"form": form}, status=422 if form.errors else 200)
