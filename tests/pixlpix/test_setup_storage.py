"""`manage.py setup_storage` makes two buckets as they must be, says what is wrong with them, and an open vault stops the
start. On a real S3 server."""

import contextlib
import json
import secrets
import subprocess
import sys
from io import StringIO

import pytest
from django.conf import settings as project
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command

from pixlpix import buckets, start
from pixlpix.storages import S3Media, S3Vault
from tests import s3

pytestmark = pytest.mark.s3


def use(server, vault, media):
    """Have the site's vault and media in buckets of these names."""
    options = server.settings["vault"]["OPTIONS"]
    storages._storages["vault"] = S3Vault(**{**options, "bucket_name": vault})
    storages._storages["media"] = S3Media(**{**options, "bucket_name": media})


@pytest.fixture
def named(s3_storages):
    """Vault and media in two buckets that nobody has made yet; returns the server."""
    mark = secrets.token_hex(4)
    use(s3_storages, f"new-vault-{mark}", f"new-media-{mark}")
    return s3_storages


@pytest.fixture
def made(s3_storages):
    """Vault and media in two buckets that are set up, empty, for the tests of this file alone."""
    use(s3_storages, "own-vault", "own-media")
    client = s3_storages.client
    made = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    for name in made & {"own-vault", "own-media"}:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
        for forget in (client.delete_bucket_policy, client.delete_bucket_cors, client.delete_bucket_lifecycle):
            with contextlib.suppress(client.exceptions.ClientError):  # there was none
                forget(Bucket=name)
    set_up()
    return s3_storages


def set_up(**options):
    """What the command says, as one text. Raises CommandError as the command does."""
    out = StringIO()
    call_command("setup_storage", stdout=out, **options)
    return out.getvalue()


def complaints(**options):
    """What the command says before it ends with status 1."""
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("setup_storage", stdout=out, **options)
    return [line for line in out.getvalue().splitlines() if line.startswith("WRONG")]


def allow(server, alias, action):
    """Let anybody do this with a bucket, as a slip in its policy would."""
    name = storages[alias].bucket_name
    resource = f"arn:aws:s3:::{name}" if action == "s3:ListBucket" else f"arn:aws:s3:::{name}/*"
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    server.client.put_bucket_policy(Bucket=name, Policy=policy)


def test_makes_both_buckets_and_opens_the_media_bucket_alone(named):
    said = set_up()
    assert said.splitlines()[-1] == "Both buckets are as they must be."
    assert "WRONG" not in said
    vault, media = storages["vault"], storages["media"]
    for storage, status in ((vault, 403), (media, 200)):
        storage.save("derived/0123456789abcdef/a.txt", ContentFile(b"x"))
        stranger = buckets.a_stranger(storage)
        name = {"Bucket": storage.bucket_name, "Key": "derived/0123456789abcdef/a.txt"}
        assert buckets.status_for_strangers(stranger.get_object, **name) == status


def test_run_again_it_changes_nothing(made):
    said = set_up()
    assert " made " not in said
    assert " note " not in said


def test_leaves_no_probe_behind(made):
    assert list(storages["vault"].list_names()) == []
    assert list(storages["media"].list_names()) == []


def test_tells_the_media_bucket_that_scripts_of_others_may_read_and_the_vault_that_none_may(made):
    client = made.client
    rules = client.get_bucket_cors(Bucket=storages["media"].bucket_name)["CORSRules"]
    assert rules[0]["AllowedMethods"] == ["GET", "HEAD"]
    client.put_bucket_cors(Bucket=storages["vault"].bucket_name, CORSConfiguration={"CORSRules": rules})
    set_up()
    with pytest.raises(client.exceptions.ClientError, match="NoSuchCORSConfiguration"):
        client.get_bucket_cors(Bucket=storages["vault"].bucket_name)


def test_clears_away_uploads_that_broke_off_in_both(made):
    for alias in ("vault", "media"):
        rules = made.client.get_bucket_lifecycle_configuration(Bucket=storages[alias].bucket_name)["Rules"]
        assert [rule["AbortIncompleteMultipartUpload"] for rule in rules] == [{"DaysAfterInitiation": 2}]


def test_looking_alone_makes_nothing(named):
    assert len(complaints(check=True)) == 2
    made = {bucket["Name"] for bucket in named.client.list_buckets()["Buckets"]}
    assert not made & {storages["vault"].bucket_name, storages["media"].bucket_name}


# --- What is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("alias", "action", "words"),
    [
        ("vault", "s3:GetObject", "Anybody reads files of the vault"),
        ("vault", "s3:ListBucket", "Anybody lists the vault"),
        ("media", "s3:ListBucket", "Anybody lists the media bucket"),
    ],
)
def test_says_what_strangers_can_do(made, alias, action, words):
    allow(made, alias, action)
    assert words in " ".join(complaints(check=True))


def test_says_that_public_files_cannot_be_read(made):
    made.client.delete_bucket_policy(Bucket=storages["media"].bucket_name)
    [said] = complaints(check=True)
    assert "A public file was answered 403" in said


def test_says_that_the_media_host_leads_elsewhere(made):
    storages["media"].__dict__.pop("_base_url", None)
    storages["media"].custom_domain = "127.0.0.1:1"
    [said] = complaints(check=True)
    assert "Does MEDIA_HOST lead to the bucket?" in said


def test_says_that_both_are_one_bucket(made):
    storages["media"].bucket_name = storages["vault"].bucket_name
    assert "are the same" in complaints()[0]


def test_says_that_a_bucket_keeps_what_is_deleted(made):
    name = storages["media"].bucket_name
    made.client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    assert "keeps old versions" in complaints(check=True)[0]


def test_says_that_a_bucket_deletes_by_itself(made):
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    name = storages["vault"].bucket_name
    made.client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})
    assert "deletes files by itself (rules old)" in complaints(check=True)[0]


def test_says_that_the_store_does_not_answer(named):
    storages._storages["vault"] = S3Vault(bucket_name="vault", endpoint_url="http://127.0.0.1:1", region_name="x")
    with pytest.raises(CommandError, match="does not answer"):
        set_up()


# --- The start --------------------------------------------------------------------------------------------------------


def test_an_open_vault_stops_the_start_in_one_line(made):
    start.refuse_an_open_vault()
    allow(made, "vault", "s3:GetObject")
    with pytest.raises(SystemExit) as stopped:
        start.refuse_an_open_vault()
    assert "Anybody reads files of the vault" in stopped.value.code
    assert "\n" not in stopped.value.code


def test_a_vault_that_is_down_stops_no_start(named, caplog):
    """Nobody reads it then either, and pages without its files still work."""
    storages._storages["vault"] = S3Vault(bucket_name="vault", endpoint_url="http://127.0.0.1:1", region_name="x")
    start.refuse_an_open_vault()
    assert "could not be asked" in caplog.text


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "gunicorn", "pixlpix.wsgi", "--bind", "127.0.0.1:0", "--workers", "2"),
        ("manage.py", "run_worker", "--batch"),
    ],
    ids=["web", "worker"],
)
def test_web_and_worker_ask_before_they_begin(made, command):
    """As in production, in a process of its own: it ends, and is not started anew and anew by gunicorn."""
    allow(made, "vault", "s3:GetObject")
    environment = {
        "DEBUG": "0",
        "SECRET_KEY": "x" * 60,
        "SITE_URL": "https://pixlpix.example",
        "ALLOWED_HOSTS": "pixlpix.example",
        "CACHE_URL": "locmemcache://",
        "TRUSTED_PROXY_COUNT": "1",
        "MAIL_API_KEY": "key",
        "ALERT_EMAILS": "team@pixlpix.example",
        "VAULT_BUCKET": storages["vault"].bucket_name,
        "MEDIA_BUCKET": storages["media"].bucket_name,
        "S3_ENDPOINT_URL": made.endpoint,
        "S3_REGION": "us-east-1",
        "S3_ADDRESSING_STYLE": "path",
        "AWS_ACCESS_KEY_ID": s3.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": s3.SECRET_KEY,
    }
    began = subprocess.run(
        [sys.executable, *command], env=environment, cwd=project.BASE_DIR, capture_output=True, text=True, timeout=120
    )
    assert began.returncode in (1, 3)
    assert began.stdout == ""
    assert "Traceback" not in began.stderr
    assert "\nAnybody reads files of the vault" in f"\n{began.stderr}"
