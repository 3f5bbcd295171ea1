"""Who sees which post at which address: the table. The tests beside it walk every URL pattern of the site and compare.

A new address is named in one of the dicts below, by its URL name (or pattern, where it has none; the API's with `api:`):

    OF_A_POST        it is about one post: whom it shows the post in each state, and how to make its address
    ACTS_ON_A_POST   something is done there with somebody's post, or with a comment under it: the same, and what is sent
    OF_ITS_AUTHOR    what only its author does with a post
    LISTS            it lists posts among others: as the first; it answers 200 whether or not a post is on it
    OF_A_GALLERY     what only its owner does with a gallery
    NO_POSTS         it shows no post of others: how to make its address, with ana's things where it takes any
    DOORS            the same, and anybody may stand before it: to sign in, to join, and back
    ONES_OWN         the same, and visitors get nothing there
    SKIPPED          it is not walked here, and why

`test_every_address_is_in_the_table` fails until that is done. A row has one word for each state in the order of STATES,
each a letter for everyone (see PEOPLE) who sees the post there; "-" is nobody. `name#more` is `name` once more.
"""

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

# What is reached at its address: staff look at everything, with a notice; a suspended author at nothing.
#       public limited unlisted followers draft scheduled processing held withdrawn taken_down suspended left
PAGE = "VSFMAT VSFMAT  VSFMAT   FAT       AT    AT        AT         AT   AT        AT         T         T"
# The same as everyone sees it: nothing of what staff and authors see besides.
OPEN = "VSFMAT VSFMAT  VSFMAT   FA        -     -         -          -    -         -          -         -"
# Who does something there signs in first.
ACTS = "SFMAT  SFMAT   SFMAT    FA        -     -         -          -    -         -          -         -"
# Where the site lists posts of everybody: public ones, without the people whom one has muted.
EVERYBODYS = "VSFAT - - - - - - - - - - -"
# For programs, and the same whoever asks: what a visitor sees.
VISITORS = "VSFBCMAT VSFBCMAT VSFBCMAT - - - - - - - - -"
LISTED = "VSFBCMAT VSFBCMAT - - - - - - - - - -"
# Likewise where nobody asked for its author: without what the team has limited.
COME_ACROSS = "VSFBCMAT - - - - - - - - - - -"


def words(text):
    """The words of a text, a list."""
    return text.split()


def of_post(name, *more):
    """How to make the address `name` of a post; `more` are functions of the world and the post."""
    return lambda w, p: reverse(name, args=[p.short_id, *(part(w, p) for part in more)])


def photo_key(w, p):
    return w.photo(p).key


def comment_key(w, p):
    return w.comment(p).key


OF_A_POST = {
    "post": (PAGE, lambda w, p: p.address()),
    "permalink": (PAGE, of_post("permalink")),
    "likes": (OPEN, of_post("likes")),
    "comments": (PAGE, of_post("comments")),
    "comment": (PAGE, of_post("comment", comment_key)),
    # Renditions in the vault: what is ready, to its author and staff in any state.
    "vault_file": (PAGE, lambda w, p: f"/private/{w.rendition(p).file.name}"),
    # Authors have what is theirs as long as there is something to have.
    "download_photo": ("VSFMAT VSFMAT VSFMAT FA A A - A A A - -", of_post("download_photo", photo_key)),
    # Nobody reports what is their own; staff have the console for what they see besides.
    "report_post": ("VSFMT VSFMT VSFMT F - - - - - - - -", of_post("report_post")),
    "report_comment": (
        "VSMAT VSMAT VSMAT A - - - - - - - -",
        lambda w, p: reverse("report_comment", args=[comment_key(w, p)]),
    ),
    "oembed": (LISTED, lambda w, p: f"/oembed?url={quote(settings.SITE_URL + p.address())}"),
    "oembed#permalink": (
        LISTED,
        lambda w, p: f"/oembed?url={quote(f'{settings.SITE_URL}/p/{p.short_id}/')}&format=xml",
    ),
    "api:post": (LISTED, lambda w, p: f"/api/v1/posts/{p.short_id}"),
    # A file on the media host has no viewer: there is one only of what a visitor may see.
    "media/<path:path>": (VISITORS, lambda w, p: w.public_file(p)),
}
# What only its author does with a post: nobody else gets anything there, whatever its state.
OF_ITS_AUTHOR = words(
    """draft discard_draft edit_post withdraw_post undo_withdrawal replace_photo discard_post photos order_photos
    take_out_photo replace_one retry_photo pin"""
)
# Who does something with somebody's post must see it as everyone does. Sent as a form, and taken back after each try.
# Comments are a follower's.
ACTS_ON_A_POST = {
    "like": (ACTS, of_post("like"), {"like": "1"}),
    "save": (ACTS, of_post("save"), {"save": "1"}),
    "comments": (ACTS, of_post("comments"), {"text": "Lovely."}),
    # Its author is led back: they simply write it.
    "suggest": (ACTS, of_post("suggest", photo_key), {"alt_text": "A ridge."}),
    "reply": (ACTS, of_post("reply", comment_key), {"text": "So it is."}),
    "edit_comment": ("F F F F - - - - - - - -", of_post("edit_comment", comment_key), {"text": "Aye, aye."}),
    "report_post": ("VSFMT VSFMT VSFMT F - - - - - - - -", of_post("report_post"), {"category": "spam"}),
    "report_comment": (
        "VSMAT VSMAT VSMAT A - - - - - - - -",
        lambda w, p: reverse("report_comment", args=[comment_key(w, p)]),
        {"category": "spam"},
    ),
    "like_comment": (ACTS, of_post("like_comment", comment_key), {}),
    # To take back and to remove are no looks at the post: also under what is hidden.
    "unlike_comment": ("SFMAT SFMAT SFMAT FAT AT AT AT AT AT AT T T", of_post("unlike_comment", comment_key), {}),
    "pick_post": ("- - - - - - - - - - - -", of_post("pick_post"), {"do": "pick"}),  # curators' alone
    "remove_comment": ("FA FA FA FA FA FA FA FA FA FA F F", of_post("remove_comment", comment_key), {}),
}
LISTS = {
    "front": (EVERYBODYS, lambda w, p: "/"),
    "explore": (EVERYBODYS, lambda w, p: "/explore/"),
    "picks": (EVERYBODYS, lambda w, p: "/picks/"),
    "members": (EVERYBODYS, lambda w, p: "/members/"),
    "search": (EVERYBODYS, lambda w, p: "/search/?q=kestrel"),
    # Hashtags that stand in no post which one may find are not named.
    "search#hashtags": (EVERYBODYS, lambda w, p: "/search/?q=%23xq&in=hashtags"),
    "search_suggestions": (EVERYBODYS, lambda w, p: "/search/suggest/?q=%23xq"),
    "hashtags": (EVERYBODYS, lambda w, p: "/tags/"),
    "hashtag": (EVERYBODYS, lambda w, p: "/tags/heron/"),
    "prompt": (EVERYBODYS, lambda w, p: w.prompt.address()),
    "prompt#winners": (EVERYBODYS, lambda w, p: w.over.address()),
    # One's own, to enter.
    "enter_prompt": ("A - - - - - - - - - - -", lambda w, p: reverse("enter_prompt", args=[w.prompt.slug])),
    # Followers see there what is for them; authors all that is theirs, but what they deleted.
    "member": ("VSFMAT VSFMAT A FA A A A A - A - -", lambda w, p: p.author.get_absolute_url()),
    "gallery": ("VSFMAT VSFMAT A FA - - - - - - - -", lambda w, p: p.gallery.address()),
    # Who follows nobody yet is shown people to follow, with their pictures.
    "home": ("SFAT FA A FA - - - - - - - -", lambda w, p: "/home/"),
    "sitemap_section": (COME_ACROSS, lambda w, p: "/sitemap/posts.xml"),
    "member_feed": (LISTED, lambda w, p: f"/feeds/members/{p.author.username}/rss/"),
    "gallery_feed": (LISTED, lambda w, p: f"/feeds/galleries/{p.author.username}/iceland/atom/"),
    "hashtag_feed": (COME_ACROSS, lambda w, p: "/feeds/tags/heron/rss/"),
    "prompt_feed": (COME_ACROSS, lambda w, p: f"/feeds/prompts/{w.prompt.slug}/atom/"),
    "picks_feed": (COME_ACROSS, lambda w, p: "/feeds/picks/rss/"),
    "api:posts": (COME_ACROSS, lambda w, p: "/api/v1/posts"),
    "api:member_posts": (LISTED, lambda w, p: f"/api/v1/members/{p.author.username}/posts"),
    # By their covers: the newest that is listed, which is the limited one.
    "api:member_galleries": (
        "- VSFBCMAT - - - - - - - - - -",
        lambda w, p: f"/api/v1/members/{p.author.username}/galleries",
    ),
    "api:gallery_posts": (LISTED, lambda w, p: f"/api/v1/galleries/{p.author.username}/iceland/posts"),
    "api:tag_posts": (COME_ACROSS, lambda w, p: "/api/v1/tags/heron/posts"),
    "api:prompt_posts": (COME_ACROSS, lambda w, p: f"/api/v1/prompts/{w.prompt.slug}/posts"),
    "api:search": (COME_ACROSS, lambda w, p: "/api/v1/search?q=kestrel"),
}
# Of ana's gallery, by its address below one's own settings: to others there is none.
OF_A_GALLERY = words("edit_gallery delete_gallery order_posts gallery_cover gallery_people")
ONES_OWN = {
    **dict.fromkeys(
        words(
            """settings export leave deleted_posts galleries create_gallery picture privacy requests change_username
            start_draft uploads saved devices notifications notification_settings read_notifications
            followed_hashtags hidden_words decisions own_reports accept_policy suspended order_galleries home_new
            account_email account_change_password account_set_password account_reauthenticate
            mfa_index mfa_reauthenticate mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes
            mfa_generate_recovery_codes mfa_download_recovery_codes mfa_list_webauthn mfa_add_webauthn
            mfa_reauthenticate_webauthn admin_account admin_site_history
            admin_site_history_results"""
        ),
        (),
    ),
    **dict.fromkeys(
        words(
            """appeal answer_suggestion export_file upload saved_list notification name_device end_device counter_notice
            dismiss_announcement"""
        ),
        ("x",),
    ),
    **dict.fromkeys(words("mfa_remove_webauthn mfa_edit_webauthn"), (1,)),
    **dict.fromkeys(words("follow_hashtag unfollow_hashtag"), ("heron",)),
    **dict.fromkeys(words("gallery_answer gallery_add"), ("ana", "iceland")),
    # About ana. Who sees her at all: test_people.py.
    **dict.fromkeys(words("follow unfollow remove_follower mute unmute block unblock"), ("ana",)),
    **dict.fromkeys(words("accept_request decline_request"), ("ana",)),
}
DOORS = {
    **dict.fromkeys(
        words(
            """account_login account_logout account_signup account_inactive account_email_verification_sent
            account_reset_password account_reset_password_done account_reset_password_from_key_done
            account_confirm_login_code mfa_authenticate mfa_login_webauthn left come_back decline_policy
            admin_login admin_logout admin_password_reset page_login wagtailcore_login"""
        ),
        (),
    ),
    "account_confirm_email": ("x",),
    "account_reset_password_from_key": ("1", "x-y"),
    "invitation": ("x",),
    "unsubscribe": ("x",),
    "report_answer": ("x:y",),
    # Passwords for pages, which members' pages cannot have.
    "wagtailcore_authenticate_with_password": (1, 1),
    "admin_page_types": (),  # closed
}
NO_POSTS = {
    **dict.fromkeys(
        words(
            "healthz readyz metrics robots sitemap policy transparency local_mail prompts tdm_reservation security_txt share"
        ),
        (),
    ),
    **dict.fromkeys(words("copyright copyright_notice"), ()),
    "policy_version": (1,),
    **dict.fromkeys(words("followers following report_member"), ("ana",)),
    **dict.fromkeys(words("api:members api:prompts api:openapi-json api:api-root"), ()),
    "api:member": ("ana",),
    "api:gallery": ("ana", "iceland"),
    "api:prompt": ("doors",),
}
SKIPPED = {
    "<path:rest>": "no address of the API: 404, whoever asks",
    "wagtail_serve": "editorial pages; members' addresses never come so far (tests/pixlpix/test_base_page.py)",
}
