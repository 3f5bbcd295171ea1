"""What must not grow with the number of pictures."""

import pytest
from django.db import connection

from gallery.models import Rendition


@pytest.mark.django_db
def test_rendition_is_found_by_the_name_of_its_file_through_an_index():
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, Rendition._meta.db_table).values()
    assert [index for index in indexes if index["index"] and index["columns"] == ["file"]]
