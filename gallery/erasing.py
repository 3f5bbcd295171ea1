"""What other apps keep of a post or of a file, and destroy when it is erased by order. They register it from their `apps.py`:

    erasing.register(forget_post=..., uses_file=..., forget_file=...)

`forget_post(post)` runs in the transaction that deletes the post's rows, before them. `uses_file(original, author)` is whether
somebody else shows the file there now; `forget_file(original, by, reason)` destroys what shows it, files before rows.
"""

_forget_post, _uses_file, _forget_file = [], [], []


def register(*, forget_post, uses_file, forget_file):
    """Let an app say what it keeps. Done twice, it is done once."""
    for known, function in ((_forget_post, forget_post), (_uses_file, uses_file), (_forget_file, forget_file)):
        if function not in known:
            known.append(function)


def forget_post(post):
    for forget in _forget_post:
        forget(post)


def uses_file(original, author):
    return any(uses(original, author) for uses in _uses_file)


def forget_file(original, *, by, reason):
    for forget in _forget_file:
        forget(original, by=by, reason=reason)
