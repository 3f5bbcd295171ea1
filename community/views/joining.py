"""Joining: allauth's sign-up view, with the policy on the page and kind answers to what a race took away."""

from allauth.account.views import SignupView
from django.core.exceptions import ValidationError

from .. import invitations


class JoinView(SignupView):
    """/accounts/signup/"""

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "invitation": invitations.from_session(self.request)}

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ValidationError as refusal:
            if form.refuse(refusal):
                return self.form_invalid(form)
            # The address was taken this very moment: answered like any other that is in use.
            return super().form_valid(form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["policy"] = context["form"].shown_policy
        context["invitation"] = context["form"].invitation
        return context


signup = JoinView.as_view()
