"""Who may do what with the front page, as plain predicates."""


def may_pick(user):
    """Pick posts, order picks and end them: curators and administrators."""
    return user.is_authenticated and user.is_active and user.has_perm("home.add_pick")


def may_curate(user):
    """Compose the front page and editorial pages of members' things: the same."""
    return may_pick(user)
