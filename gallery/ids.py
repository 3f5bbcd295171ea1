"""Random names: short ids for addresses, prefixes for publications. Never a primary key, never words."""

import secrets

# Bitcoin's base-58 alphabet: digits and letters without 0, O, I and l, which people misread.
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
SHORT_ID_LENGTH = 10  # 58**10, about 4.3e17: a billion posts collide with a chance of one in a million at each insert


def new_short_id():
    """A post's short id: 10 random base-58 characters."""
    return "".join(secrets.choice(BASE58) for _ in range(SHORT_ID_LENGTH))


def new_secret_name():
    """128 random bits as 32 hexadecimal digits: one name on the media host, which none gives another away."""
    return secrets.token_hex(16)
