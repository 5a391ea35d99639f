"""One request's writes: rows judged by their models, watched by the scope, sealed once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, models, transaction
from django.http import Http404

from registry import scope
from registry.history.acting import check_constraints_now
from registry.leaving import LeftScopeError, Watch
from registry.writing.refusals import refusal_of, refuse_row
from registry.writing.versions import require_version

REFUSED = (IntegrityError, DataError, LeftScopeError)


class Writer:
    """Writes in the name of a caller, inside the transaction of its request."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.watch = Watch(user)

    def locked(self, rows: models.QuerySet[Any], asked: set[int] | None, **lookup: Any) -> Any:
        """The one row of the lookup, locked and in the version that the caller has read; Http404 out of scope."""
        found = scope.scope(rows, self.user, write=True).filter(**lookup).values_list("pk", flat=True).first()
        row = rows.model._base_manager.select_for_update(no_key=True).filter(pk=found).first()
        if row is None:
            raise Http404
        if asked is not None:
            require_version(row.version, asked)
        return row

    def save(self, row: models.Model, at: str = "", names: Mapping[str, str] | None = None) -> None:
        """Saves what the row's own rules take; their refusal points below `at`."""
        with self.refusing(at):
            self.watch.before(row)
            refuse_row(row, at, names or {})
            row.save()
            self.watch.after(row)

    def delete(self, row: models.Model) -> None:
        with self.refusing():
            self.watch.before(row)
            row.delete()

    def finish(self, at: str = "") -> None:
        """Fires what waits for the commit, and asks whether all is still the caller's."""
        with self.refusing(at):
            check_constraints_now()
            self.watch.check()

    @contextmanager
    def refusing(self, at: str = "") -> Iterator[None]:
        """What the database refuses becomes a problem, and nothing of the block stays."""
        try:
            with transaction.atomic():
                yield
        except models.ProtectedError:  # what hangs on the row is the view's to name
            raise
        except REFUSED as error:
            raise self.refusal(error, at) from None
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == "40P01":  # a deadlock: the other writer was faster
                raise self.refusal(error, at) from None
            raise

    def refusal(self, error: Any, at: str) -> Exception:
        return refusal_of(error, at, is_party=getattr(self.user, "party", None) is not None)
