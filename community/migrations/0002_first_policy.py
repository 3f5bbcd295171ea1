"""The first version of the policy, published: without one nobody could join.

What it says follows the part "Data Management" of the document that PixlPix was begun with. Staff write later versions in
the console; this text, like any that members accepted, is never changed. It stands here as it is shown, so that its hash
is the hash of what people read.
"""

import hashlib

from django.db import migrations
from django.utils import timezone

TITLE = "How we handle what you give us"

TEXT = """
<p>This is the whole of it, in plain words. You accept it when you join. Without it we cannot run PixlPix for you, so without it there is no account.</p>

<h2>What we keep</h2>
<ul>
<li>Your posts: the images you upload, their captions and the descriptions you write for people who cannot see them.</li>
<li>Your comments, your profile picture, and what you write about yourself and your galleries.</li>
<li>Your account: your name, your email address, your username, and your password in a form that nobody can read back.</li>
<li>What you did here and when, as far as the site needs it: that you accepted this text, that you published, changed or deleted a post.</li>
</ul>
<p>So: images, and text. Images are kept in a storage space, everything else in a database.</p>

<h2>How we get it</h2>
<p>By forms, which you fill in, and in no other way. We collect nothing that you did not give us: no trackers, no adverts, nothing loaded from other companies. We store neither your network address nor what browser you use. To stop people from trying thousands of passwords we count attempts for some minutes, under a scrambled code whose key is thrown away after a day, so that no address can be read from it. The only cookies are the ones that keep you signed in and your forms safe.</p>

<h2>Who owns it, and who is the author</h2>
<p>PixlPix owns the data that is uploaded to the site. You stay the author of your photographs. Both are true at once, and this is what it means:</p>
<ul>
<li>You made the picture, and your name stands with it. Joining PixlPix does not make us its creator, and we will not say that we are.</li>
<li>You can go on using your photograph anywhere else, as before: print it, publish it, sell it. You need not ask us.</li>
<li>The copy that you upload, and the words that come with it, belong to the collection that our team holds. We may keep that copy and show it on PixlPix, in your post and in the lists and pages where posts are found, for as long as the post is public.</li>
<li>We keep it also when you delete the post or leave, out of public reach, as described below.</li>
</ul>
<p>If that is not what you want for a photograph, do not upload it. Upload only what you made yourself, or what its author lets you share.</p>

<h2>What we use it for</h2>
<p>To run the core features of PixlPix, and to make using it better. Nothing else. We do not sell it to anyone.</p>

<h2>Who can see it</h2>
<ul>
<li>Everybody on the internet can see your name, your username, your profile picture and your posts, from the moment you publish them.</li>
<li>What is not public, such as your email address and deleted posts, can be seen by two companies only: PixlPix, and DigitalOcean, whose machines PixlPix runs on.</li>
</ul>

<h2>Photographs know more than they show</h2>
<p>A file from a camera or a phone often says when, with what and where it was taken. Our private store keeps the file as it came. What other people see are pictures made anew from it, with none of that in them. Nobody else ever sees the place.</p>

<h2>Public until you delete it</h2>
<p>A post is public until you delete it, or our team takes it down. From that moment it is gone from every page and list, and its image addresses stop working. The team still has the image, out of public reach. You can take a deletion back for 30 days. Copies that another browser or website saved before are out of our reach.</p>

<h2>Backups</h2>
<p>All data is copied on a schedule to a place of our own. When the storage space or the database fails, we go back to the newest copy. What was deleted or taken down stays so.</p>

<h2>How old you must be</h2>
<p>You must be at least 16 years old, or as old as the form for joining says where it names a higher age. You confirm it there. We do not ask for your date of birth and store none.</p>

<h2>Taking your data with you, and leaving</h2>
<p>In your settings you can export everything that we keep about you, with your original files, at any time. There you can also leave: your account is closed at once and everything of yours that was public goes out of public reach; the team keeps it like deleted posts. For 30 days you can come back by signing in. After that your email address, name, password, follows, likes, saves and notifications are deleted for good, and your comments become those of a former member. A numbered account without a name stays for as long as PixlPix keeps pictures, so that they and the consent records keep an owner; your former username stays noted so that nobody else ever gets it. Where the law gives you the right to have something erased for good, write to us through the contact page.</p>
<p>An account whose email address is not confirmed within 7 days is removed entirely.</p>

<h2>When this text changes</h2>
<p>Every version keeps its number, its date and its words. After a change we ask you again at your next visit and say what changed. If you decline, you can still export your data and leave. When we only mend a typing mistake, we do not ask.</p>
""".strip().replace("\n\n", "\n")


def publish_first_policy(apps, schema_editor):
    PolicyVersion = apps.get_model("community", "PolicyVersion")
    if PolicyVersion.objects.filter(published_at__isnull=False).exists():
        return
    PolicyVersion.objects.create(
        number=1,
        binding_number=1,
        title=TITLE,
        text=TEXT,
        text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
        published_at=timezone.now(),
    )


def leave(apps, schema_editor):
    """Nothing to undo: members may have accepted it, and the table goes with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]

    operations = [migrations.RunPython(publish_first_policy, leave)]
