"""Make an account: the person, their consent, their page and their first gallery, in one transaction or not at all."""

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.actions.create_gallery import create_gallery
from gallery.acts import write_down
from gallery.models import MemberPage, MembersPage
from gallery.naming import clean_name

from ..models import ConsentRecord, PolicyVersion, Profile, TakenName, User
from ..names import skeleton


def create_account(*, username, email, name, password, policy, confirmed_age, verified=False):
    """Create a member who accepted `policy` (a published PolicyVersion) and is at least `confirmed_age` years old.

    `password` None makes an account that cannot sign in until a password is set. Raises ValidationError, by field, for
    a name or address that is refused or taken, and for a policy that is not the one in force; of two calls at once for
    one name, one succeeds. Returns the User.
    """
    current = PolicyVersion.objects.current()
    if policy is None or current is None or policy.pk != current.pk:
        raise ValidationError({"policy": _("Our policy has changed meanwhile. Please read it again.")})
    user = User(
        username=username.lower(),
        email=email.strip().lower(),
        name=clean_name(name),
        verified_at=timezone.now() if verified else None,
        accepted_policy=current.number,
    )
    # Hashed before the transaction: the members page stays locked from the insert into the tree to the commit.
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean(validate_unique=False, validate_constraints=False)
    # Constraints decide a race: a look before the leap could be overtaken. Which field was taken, the step says.
    inserting = "username"
    try:
        with transaction.atomic():
            taken = TakenName.objects.create(skeleton=skeleton(user.username), username=user.username)
            inserting = "email"
            user.save()
            TakenName.objects.filter(pk=taken.pk).update(user=user)
            Profile.objects.create(user=user)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
            inserting = None
            ConsentRecord.objects.create(
                user=user, policy=current, text_sha256=current.text_sha256, minimum_age=confirmed_age
            )
            write_down(user, "member.joined", by=user, policy=current.number)
            add_pages(user)
    except IntegrityError as error:
        if inserting is None:
            raise
        raise ValidationError({inserting: _("This is taken. Please choose another.")}) from error
    return user


def add_pages(user):
    """The member's page and first gallery. Last in the transaction: it locks the members page until the commit."""
    members_page = MembersPage.objects.get()
    members_page.add_child(
        instance=MemberPage(
            user=user,
            title=user.name,
            draft_title=user.name,
            slug=user.username,
            locale_id=members_page.locale_id,
        )
    )
    create_gallery(user, _("Photos"), first=True)
