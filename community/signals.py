"""Receivers, only where allauth, Django and gallery leave no other way in. Each says who sends it."""

from allauth.account.signals import email_confirmed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from gallery.acts import staff_acted
from gallery.bans import posts_taken_down
from gallery.look_alikes import look_alikes_found
from gallery.models import PostPage
from gallery.states import AuthorState

from .actions.come_back import may_come_back
from .actions.confirm_member import confirm_member
from .bulk_takedowns import was_restored
from .decisions import tell_of_decision
from .devices import end_devices, present_key, remember, renew
from .models import Pin
from .receipts_begun import begin_receipt
from .recording import record
from .reporting import open_review


@receiver(email_confirmed)
def member_confirmed_their_address(request, email_address, **kwargs):
    """Sent by allauth when somebody followed the link in its mail, inside the adapter's transaction."""
    confirm_member(email_address.user)


@receiver(post_save, sender=PostPage)
def unpin_what_was_withdrawn(instance, **kwargs):
    """Sent by every save of a post, in the transaction of whoever deletes it: taken back, it stands by its date again."""
    if instance.author_state == AuthorState.WITHDRAWN:
        Pin.objects.filter(post=instance.pk).delete()


@receiver(user_logged_in)
def member_signed_in(request, user, **kwargs):
    """Sent by Django at the end of signing in, when the session has its new key."""
    remember(request)


@receiver(user_logged_out)
def member_signed_out(request, user, **kwargs):
    """Sent by Django before the session is emptied."""
    if user is not None and (key := present_key(request)):
        end_devices(user, only=key)


@receiver([password_changed, password_set, password_reset])
def member_has_another_password(request, user, **kwargs):
    """Sent by allauth. Other sessions are worth nothing from then on; their rows go at once, not when somebody comes."""
    end_devices(user, but=present_key(request))


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def member_signs_in_another_way(request, user, **kwargs):
    """Sent by allauth.mfa when an app, a passkey or the recovery codes are added, taken away or made anew."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        renew(request)


@receiver(password_reset)
def member_may_come_back_with_it(request, user, **kwargs):
    """Sent by allauth. Who left is not signed in by it: the next page says that they are asked when they sign in."""
    if may_come_back(user):
        words = _("Your account is closed. Sign in with your new password, and we ask whether you want to come back.")
        messages.info(request, words)


@receiver(staff_acted)
def team_decided(thing, act, by, data, **kwargs):
    """Sent by `gallery.acts.write_down_staff`, in the transaction of the act."""
    tell_of_decision(thing, act, by=by, data=data)
    record(thing, act, by=by, data=data)


@receiver(staff_acted, sender=PostPage)
def post_was_restored(thing, act, **kwargs):
    """Sent likewise."""
    if act == "pixlpix.restore":
        was_restored(thing)


@receiver(staff_acted)
def what_is_put_out_of_reach_has_its_receipt(thing, act, data, **kwargs):
    """Sent likewise: whichever way it was done, or undone, the proof of it is begun in the same transaction."""
    begin_receipt(thing, act, data)


@receiver(posts_taken_down)
def look_at_others_of_the_same_picture(others, **kwargs):
    """Sent by `take_down_post`, in its transaction: other people's posts of the same original become cases."""
    for post in others:
        if post.is_visible:
            open_review(post)


@receiver(look_alikes_found)
def look_at_what_looks_like_it(posts, **kwargs):
    """Sent by gallery's task, in a transaction: so do public posts of other people that look like what was banned."""
    for post in posts:
        open_review(post)
