"""A scenario for world.py: a backup by who may only read, as docs/backups.md sets it up."""

import os
import re
import subprocess
import sys


def read_only(folder):
    """With the database user and the vault key of the machine that backs up; what it made, and what it may not do."""
    from django.conf import settings
    from django.db import connection

    from pixlpix.backups import manifest
    from pixlpix.backups.place import Place
    from pixlpix.models import OperationRecord

    from .world import make_people_and_posts

    make_people_and_posts()
    role = f"{connection.settings_dict['NAME']}_backup"
    try:
        with connection.cursor() as cursor:
            for statement in granted(settings.BASE_DIR / "docs" / "backups.md", role):
                cursor.execute(statement)
        environment = {**os.environ, **keys_of_who_reads(), "DATABASE_URL": address_of(role)}
        command = [sys.executable, "manage.py", "backup", "--to", str(folder)]
        done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True)
        made = manifest.read(Place(folder).folder_of("latest")) if done.returncode == 0 else None
        return {
            "said": done.stderr,
            "made": made and [len(made.originals), made.rows["gallery_photo"], made.missing],
            "records": list(OperationRecord.objects.values_list("kind", "went_well")),
            "statements that pass": statements_that_pass(address_of(role)),
            "writes that pass": writes_that_pass() if settings.VAULT_BUCKET else [],
        }
    finally:
        drop(role)


def granted(page, role):
    """The statements of the page, for this database and this role."""
    from django.db import connection

    text = page.read_text(encoding="utf-8")
    sql = re.sub(r"--.*", "", text[text.index("CREATE ROLE") : text.index("Without the last two")])
    sql = re.sub(r"\bpixlpix_backup\b", f'"{role}"', sql.replace("…", "word"))
    sql = sql.replace("ON DATABASE pixlpix ", f'ON DATABASE "{connection.settings_dict["NAME"]}" ')
    return [one.strip() for one in sql.split(";") if one.strip()]


def address_of(role):
    from django.db import connection

    own = connection.settings_dict
    return f"postgres://{role}:word@{own['HOST']}:{own['PORT']}/{own['NAME']}"


def keys_of_who_reads():
    from tests import s3

    return {"AWS_ACCESS_KEY_ID": s3.READING_KEY, "AWS_SECRET_ACCESS_KEY": s3.READING_SECRET}


def statements_that_pass(address):
    """Which attempts to change something the database lets pass."""
    import psycopg2

    tried = (
        "UPDATE gallery_postpage SET caption = ''",
        "DELETE FROM gallery_original",
        "INSERT INTO gallery_erasure (kind, sha256, erased_at, reason) VALUES ('original', '', now(), '')",
        "UPDATE pixlpix_operationrecord SET went_well = true",
        "DROP TABLE gallery_original",
        "CREATE TABLE mine (id int)",
    )
    passed = []
    for statement in tried:
        connection = psycopg2.connect(address)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
            passed.append(statement)
        except psycopg2.Error:
            connection.rollback()
        finally:
            connection.close()
    return passed


def writes_that_pass():
    """Which attempts to change something the vault lets pass."""
    import boto3
    from botocore.client import Config
    from botocore.exceptions import ClientError
    from django.core.files.storage import storages

    from tests import s3

    client = boto3.client(
        "s3",
        endpoint_url=storages["vault"].endpoint_url,
        aws_access_key_id=s3.READING_KEY,
        aws_secret_access_key=s3.READING_SECRET,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )
    there = next(name for name, *_ in storages["vault"].list_names("originals/"))
    tried = {
        "put": lambda: client.put_object(Bucket=s3.VAULT_BUCKET, Key="originals/x", Body=b"x"),
        "delete": lambda: client.delete_object(Bucket=s3.VAULT_BUCKET, Key=there),
        "list the public bucket": lambda: client.list_objects_v2(Bucket=s3.MEDIA_BUCKET),
    }
    passed = []
    for what, attempt in tried.items():
        try:
            attempt()
            passed.append(what)
        except ClientError as error:
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403, error
    return passed


def drop(role):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f'DROP OWNED BY "{role}"')
        cursor.execute(f'DROP ROLE "{role}"')


SCENARIOS = {"read_only": read_only}
