"""Static files are listed when one is asked for: a process that answers only the API never lists them."""

import threading
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from registry.middleware import StaticFilesMiddleware


def test_files_are_listed_by_the_first_that_is_asked_for_and_others_wait_for_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.css").write_text("a {}")
    listing, go_on, found = threading.Event(), threading.Event(), []
    list_them = StaticFilesMiddleware.update_files_dictionary

    def list_slowly(*given: object) -> None:
        listing.set()
        go_on.wait(10)
        list_them(*given)

    monkeypatch.setattr(StaticFilesMiddleware, "update_files_dictionary", list_slowly)
    with override_settings(STATIC_ROOT=tmp_path, WHITENOISE_AUTOREFRESH=False):
        serve = StaticFilesMiddleware(lambda _request: HttpResponse(status=404))
    assert serve(RequestFactory().get("/api/v1/")).status_code == 404
    assert not listing.is_set()

    def ask() -> None:
        answer = serve(RequestFactory().get("/static/a.css"))
        found.append(answer.status_code)
        answer.close()

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    assert listing.wait(10)
    second.start()
    second.join(0.3)  # nothing to be had yet: it waits for the list
    go_on.set()
    first.join()
    second.join()
    assert found == [200, 200]
    assert serve(RequestFactory().get("/static/b.css")).status_code == 404
