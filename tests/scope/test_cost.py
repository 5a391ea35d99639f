"""What the scope costs: a person's incubators are asked for once a page, however many rights hang on them."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies.models import Company
from tests.scope.cast import World, as_
from tests.scope.test_writes import page


def test_memberships_are_asked_for_once_a_page(cast: World) -> None:
    client = as_(cast, "editor_a")
    client.get("/admin/")
    for address in ("/admin/", page(Company, "changelist"), page(Company, "change", cast.a.firm.pk)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        own = f'"incubators_staffmembership"."user_id" = {cast.people["editor_a"].pk}'
        memberships = [query for query in asked if own in query["sql"]]
        assert len(memberships) == 1, address
