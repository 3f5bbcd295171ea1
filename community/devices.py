"""Where a member is signed in: one row for each session of theirs, which they can name and end.

A row knows its session's key, what its member calls it, and days; no address and no browser. The session knows its row,
so that a page costs no query for it: only what changed since (a new key, a new day) is written.
"""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from .models import Device

OURS = "community.device"  # in the session: [the device's key, the session key that its row holds, the day last seen]


def remember(request):
    """Bring the row of this session in step with it: made where there is none, seen today. No query where nothing is new."""
    session, today = request.session, timezone.now().date().isoformat()
    if not session.session_key:
        session.save()
    known = session.get(OURS)
    if known == [known and known[0], session.session_key, today]:
        return
    key = known[0] if known else ""
    user_id = session[SESSION_KEY]
    rows = Device.objects.filter(key=key, user=user_id)
    if not (key and rows.update(session_key=session.session_key, seen_on=today)):
        device, _made = Device.objects.update_or_create(
            session_key=session.session_key, defaults={"user_id": user_id, "seen_on": today}
        )
        key = device.key
    session[OURS] = [key, session.session_key, today]


class RememberDevice:
    """Middleware, inside those for sessions and sign-in: notes where a member is signed in.

    A page that did not look into its session, as for visitors, is left alone.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        session = request.session
        if session.accessed and not session.is_empty() and session.get(SESSION_KEY) and request.user.is_authenticated:
            remember(request)
        return response


def renew(request):
    """Give this session another key and end all others of its member: what they may do, or how they sign in, is changed.

    Whoever had a copy of the key, or was signed in elsewhere by what counted before, is out.
    """
    request.session.cycle_key()
    remember(request)
    end_devices(request.user, but=present_key(request))


def present_key(request):
    """The key of the device that this request comes from, or an empty string."""
    return (request.session.get(OURS) or [""])[0]


def devices_of(user):
    """Where `user` is signed in now, the newest first. Rows whose session is over are left out."""
    open_sessions = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return Device.objects.filter(Exists(open_sessions), user=user).order_by("-signed_in_at", "-pk")


def end_devices(user, *, but="", only=None):
    """Sign `user` out everywhere but at the device with key `but`, or with `only` at that one alone; how many."""
    with transaction.atomic():
        devices = Device.objects.filter(user=user).exclude(key=but)
        if only is not None:
            devices = devices.filter(key=only)
        keys = list(devices.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        return Device.objects.filter(user=user, session_key__in=keys).delete()[0]


def forget_lost_devices(most=500):
    """Delete rows whose session is over: signed out, expired, or ended by another password; returns how many."""
    there = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    lost = Device.objects.filter(~Exists(there)).values_list("pk", flat=True)[:most]
    return Device.objects.filter(pk__in=list(lost)).delete()[0]
