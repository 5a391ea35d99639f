"""Who writes, and why: told to the database inside the transaction, so that a pool of connections leaks nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from registry.models import PartnerKey, User


_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)


@contextmanager
def acting(
    user: "User | None" = None, *, key: "PartnerKey | None" = None, request_id: str = "", reason: str = ""
) -> Iterator[None]:
    """One transaction whose change-set carries `user` or `key`, `request_id` and `reason`.

    `SET LOCAL` outside a transaction does nothing, so this opens one. Nested calls join the outer transaction;
    the first write fixes what the change-set carries.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('registry.actor', %s, true), set_config('registry.key', %s, true),"
                " set_config('registry.request_id', %s, true), set_config('registry.reason', %s, true)",
                [_key_of(user), _key_of(key), request_id, reason],
            )
        yield


def tell_reason(reason: str) -> None:
    """To the transaction that carries the request, before its first write: that write fixes what is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('registry.reason', %s, true)", [reason])


def _key_of(row: "User | PartnerKey | None") -> str:
    return str(row.pk) if row is not None and row.pk else ""


@contextmanager
def reading_only() -> Iterator[None]:
    """For a transaction that PostgreSQL lets write nothing."""
    token = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(token)


def has_uncommitted() -> bool:
    """Whether this transaction has changed entries whose versions are not written yet: the commit writes them."""
    if _reads_only.get() or not connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM public.registry_changeset"
            " WHERE pending_transaction = pg_current_xact_id_if_assigned()::text::bigint)"
        )
        (found,) = cursor.fetchone() or (False,)
    return bool(found)


def check_constraints_now() -> None:
    """Fires the deferred constraints of this transaction, so that a form can still answer in words.

    `seal` is left to the commit: the clock's lock is held as short as possible.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(DISTINCT format('%I.%I', connamespace::regnamespace, conname), ', ') FROM pg_constraint"
            " WHERE condeferrable AND conname <> 'seal' AND connamespace = 'public'::regnamespace"
        )
        (names,) = cursor.fetchone() or ("",)
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


def seal_now() -> None:
    """Writes the versions of this transaction, and what is derived of them, as its commit would; under the clock's
    lock from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS seal, seal_last IMMEDIATE")
        cursor.execute("SET CONSTRAINTS seal, seal_last DEFERRED")
