"""Is the process alive; are the database and its migrations ready."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from registry.api.refusals import RETRY_AFTER_SECONDS, problem_response


@csrf_exempt  # what changes nothing answers 405 to a POST, not 403
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Touches no database: a process that answers is alive."""
    return JsonResponse({"status": "alive"})


@csrf_exempt
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while the database is away or lacks a migration of this code."""
    try:
        missing = expected_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except Error:
        return _not_ready(request, "database_unavailable", _("The database cannot be reached."))
    if missing:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in missing))
        return _not_ready(request, "migrations_missing", _("Migrations are missing: %s.") % names)
    return JsonResponse({"status": "ready"})


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """Every migration of the installed code."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def _not_ready(request: HttpRequest, code: str, detail: str) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem_response(request, 503, code=code, detail=detail, headers=headers)
