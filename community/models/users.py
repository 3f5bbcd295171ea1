"""People. Members and staff are one model; staff are members of a group that may enter the console."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gallery.states import HiddenBy

from ..names import skeleton, username_validator, validate_not_reserved


class Standing(models.TextChoices):
    """How a member stands with the site."""

    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    LEFT = "left", _("Left")


class UserQuerySet(models.QuerySet):
    """People in the product's words."""

    def members(self):
        """Whom visitors may see: in good standing, with a verified address."""
        return self.filter(MEMBER)


MEMBER = models.Q(standing=Standing.ACTIVE, verified_at__isnull=False, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    """No `create_user` and no `create_superuser`: accounts are made by the action `create_account`, with consent."""

    def get_by_natural_key(self, username):
        return self.get(username=username.lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Never deleted while anything of theirs is kept: accounts are suspended, or left."""

    username = models.CharField(
        _("username"),
        max_length=30,
        unique=True,
        validators=[username_validator, validate_not_reserved],
        error_messages={"unique": _("This username is taken.")},
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("email address"), unique=True)
    standing = models.CharField(_("standing"), max_length=9, choices=Standing.choices, default=Standing.ACTIVE)
    standing_reason = models.TextField(_("reason"), blank=True)
    standing_since = models.DateTimeField(_("since"), null=True, blank=True)
    # When their email address was confirmed; until then nothing of theirs is public.
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    # The number of the newest policy version that they accepted: the consent records say the same, at more cost.
    accepted_policy = models.PositiveIntegerField(_("accepted policy version"), default=0)
    is_active = models.BooleanField(_("can sign in"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # The files of their profile picture on the media host, in two sizes (96 and 320 pixels), so that a list of people
    # needs no further query. Empty while there is none that a visitor may see.
    avatar_small = models.CharField(max_length=150, blank=True, default="", editable=False)
    avatar_large = models.CharField(max_length=150, blank=True, default="", editable=False)

    # Their new posts are for followers unless they say otherwise, and who wants to follow them has to ask.
    is_private = models.BooleanField(_("followers only"), default=False)
    # Whether their posts may be shown where the site chooses: explore, picks, the members page.
    featurable = models.BooleanField(_("may be featured"), default=True)
    # When what was theirs was deleted for good, 30 days after they left; a numbered shell from then on.
    emptied_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email", "name"]

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            models.Index(fields=["-date_joined", "-username"], name="members_newest", condition=MEMBER),
            # What the console lists, newest first, whatever their standing; and those who are not in good standing.
            models.Index(fields=["-date_joined", "-username"], name="everybody_newest"),
            # Who left and is to be emptied.
            models.Index(
                fields=["standing_since"],
                name="members_to_empty",
                condition=models.Q(standing=Standing.LEFT, emptied_at__isnull=True),
            ),
            # Whose shell may be erased.
            models.Index(fields=["emptied_at"], name="members_emptied", condition=models.Q(emptied_at__isnull=False)),
            models.Index(
                fields=["-date_joined", "-username"],
                name="members_not_in_good_standing",
                condition=~models.Q(standing=Standing.ACTIVE),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="member_is_in_a_known_standing"
            ),
        ]

    def __str__(self):
        return self.username

    @property
    def is_staff(self):
        """Whether they may enter the console. Wagtail and templates ask by this name."""
        return self.is_active and self.has_perm("wagtailadmin.access_admin")

    @property
    def is_member_visible(self):
        """Whether visitors may see them: the rule of `members()` for this instance."""
        return self.standing == Standing.ACTIVE and self.verified_at is not None and self.is_active

    @property
    def hides(self):
        """The flag that their posts carry because of their standing; 0 in good standing."""
        flags = {Standing.SUSPENDED: HiddenBy.AUTHOR_SUSPENDED, Standing.LEFT: HiddenBy.AUTHOR_LEFT}
        return int(flags.get(self.standing, 0))

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    def get_absolute_url(self):
        from django.urls import reverse

        return reverse("member", args=[self.username])

    def clean(self):
        super().clean()
        self.username = self.username.lower()
        self.email = self.__class__.objects.normalize_email(self.email).lower()


class TakenName(models.Model):
    """A username that is or was in use, by its skeleton: never given out again, to nobody."""

    skeleton = models.CharField(_("skeleton"), max_length=30, unique=True)
    # Its first spelling.
    username = models.CharField(_("username"), max_length=30)
    # Whose it is or was: the addresses with it lead to their present ones.
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="names", editable=False)
    taken_at = models.DateTimeField(_("taken"), auto_now_add=True)

    class Meta:
        verbose_name = _("taken name")
        verbose_name_plural = _("taken names")

    def __str__(self):
        return self.username

    @classmethod
    def is_free(cls, username):
        """Whether nobody has, or had, this name or one that looks like it. The constraint decides a race."""
        return not cls.objects.filter(skeleton=skeleton(username)).exists()
