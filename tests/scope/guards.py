"""Removes the guards of the row scope one by one, in a copy of the tree, and shows which test catches it.

    python -m tests.scope.guards            # all of them, some ten minutes
    python -m tests.scope.guards 3 7        # the third and the seventh

No test of the suite: it would take as long as all others of this folder. A guard that nothing catches, or that is no
longer where it was, ends the command with 1.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCOPED, ADMIN, PLACES = "registry/admin/scoped.py", "registry/admin/base.py", "registry/scope.py"
UPLOADS = "companies/uploads/views.py"


@dataclass(frozen=True)
class Guard:
    """`old` stands once in `module` and becomes `new`; one of the `tests` (as pytest's -k) has to notice."""

    what: str
    module: str
    old: str
    new: str
    tests: str


GUARDS = (
    Guard(
        "lists show rows in scope",
        SCOPED,
        "return scope.scope(super().get_queryset(request), request.user)",
        "return super().get_queryset(request)",
        "no_list_search_filter_count and editor_a",
    ),
    Guard(
        "a single row is in scope",
        SCOPED,
        "rows = scope.scope(type(row)._base_manager.filter(pk=row.pk), request.user, write=write)",
        "rows = type(row)._base_manager.filter(pk=row.pk)",
        "old_stay_on_a_firms_page or left_is_writable",
    ),
    Guard(
        "a page is closed to roles that may not enter it",
        SCOPED,
        "return scope.may_enter(request.user, self.model) and self._holds(request, obj, write=False)",
        "return True",
        "analysts_read_reference or books_are_read",
    ),
    Guard(
        "only who may write changes",
        SCOPED,
        """    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return scope.may_write(request.user, self.model) and self._holds(request, obj, write=True)""",
        """    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True""",
        "analysts_read_reference or nothing_that_is_sent and auditor",
    ),
    Guard(
        "only who may delete deletes",
        SCOPED,
        "return scope.may_delete(request.user, self.model) and self._holds(request, obj, write=True)",
        "return True",
        "firms_are_deleted_by_registrars_alone",
    ),
    Guard(
        "choices of a field are in scope",
        SCOPED,
        "rows = scope.choices(db_field, request.user)",
        "rows = db_field.remote_field.model._default_manager.all()",
        "offered_only_firms",
    ),
    Guard(
        "suggestions are what the form accepts",
        "registry/admin/autocomplete.py",
        'return super().get_queryset().filter(pk__in=chosen.values("pk"))',
        "return chosen.model._default_manager.all()",
        "no_list_search_filter_count and editor_a",
    ),
    Guard(
        "a filter by related rows offers those in scope",
        SCOPED,
        "rows = scope.scope(field.remote_field.model._default_manager.all(), request.user)",
        "rows = field.remote_field.model._default_manager.all()",
        "filters_by_related_rows",
    ),
    Guard(
        "a list answers no condition that it does not offer",
        SCOPED,
        'return lookup in named or any(lookup.removeprefix(f"{name}__") in ASKED for name in named)',
        "return True",
        "answers_no_condition and editor_a",
    ),
    Guard(
        "a filter leads no further than to its own row",
        SCOPED,
        'return lookup in named or any(lookup.removeprefix(f"{name}__") in ASKED for name in named)',
        'return any(lookup == name or lookup.startswith(f"{name}__") for name in named)',
        "no_filter_of_a_list_leads_on or a_detour_over",
    ),
    Guard(
        "what only registrars write is read only for staff",
        SCOPED,
        "return kept if is_registrar else",
        "return kept if True else",
        "what_only_registrars_do",
    ),
    Guard(
        "a key out of sight is in no form",
        SCOPED,
        "known[key] = scope.unseen_keys(self.rows_on_page(request, obj), request.user)",
        "known[key] = set()",
        "value_that_may_not_be_seen or successor_that_is_not_theirs",
    ),
    Guard(
        "nothing is hung on a row that is not the writer's",
        "registry/leaving.py",
        "(key.remote_field.model, anchor) not in self.is_settled:\n                    raise LeftScopeError",
        "(key.remote_field.model, anchor) not in self.is_settled:\n                    pass",
        "no_row_is_hung",
    ),
    Guard(
        "what was written is looked at again after the save",
        "registry/leaving.py",
        "if row is not None and not self._is_mine(model, pk, write=not is_old):\n                raise LeftScopeError",
        "if row is not None and not self._is_mine(model, pk, write=not is_old):\n                pass",
        "entered_with_a_stay or neither_deleted_nor_given",
    ),
    Guard(
        "deleting names no entry out of sight",
        "registry/admin/deleting.py",
        "if scope.sees_all(request.user) or not _hides_any(rows, request.user):",
        "if True:",
        "deleting_names_no_entry",
    ),
    Guard(
        "an action gets rows that may be written",
        ADMIN,
        "mine = scope.scope(queryset, request.user, write=True)",
        "mine = queryset",
        "an_action_gets_no_row",
    ),
    Guard(
        "a history tells staff nothing of others' people and reasons",
        "registry/admin/versions.py",
        "if scope.sees_all(reader) or actor == reader:",
        "if True:",
        "firm_that_went_on",
    ),
    Guard(
        "a history shows no stay in another incubator",
        "registry/admin/versions.py",
        "seen: set[Any] = keys & scope.incubators_of(reader, place.readers)",
        "seen: set[Any] = keys",
        "firm_that_went_on or begins_where_it_came",
    ),
    Guard(
        "a history shows no fact of another's firm",
        "registry/admin/versions.py",
        'seen = set(scope.scope(owners._default_manager.filter(pk__in=keys), reader).values_list("pk", flat=True))',
        "seen = keys",
        "ends_where_the_fact_went",
    ),
    Guard(
        "a history names related rows in scope only",
        "registry/admin/versions.py",
        "for key, found in scope.scope(model._base_manager.all(), reader).in_bulk(keys).items()",
        "for key, found in model._base_manager.all().in_bulk(keys).items()",
        "successor_that_is_not_theirs or firm_that_went_on",
    ),
    Guard(
        "a model that is not declared is closed",
        PLACES,
        """    place = _places.get(model)
    if place is None:
        return False
    if place.readers""",
        """    place = _places.get(model)
    if place is None:
        return True
    if place.readers""",
        "not_declared_is_closed",
    ),
    Guard(
        "rows are those of the person's incubators",
        PLACES,
        'held = Q(**{f"{self.incubator}__in": incubators})',
        "held = Q()",
        "staff_change_their_own or pages_of_another_incubators_rows and editor_a",
    ),
    Guard(
        "a firm that left is written for ninety days",
        PLACES,
        "if write and self.until:",
        "if False:",
        "left_is_writable",
    ),
    Guard(
        "a manager manages people who are theirs alone",
        PLACES,
        "if write and place.beyond is not None:",
        "if False:",
        "takes_over_no_account",
    ),
    Guard(
        "rights end with the membership",
        "incubators/scope.py",
        "StaffMembership.objects.on(day).filter(user=user.pk)",
        "StaffMembership.objects.filter(user=user.pk)",
        "pages_of_another_incubators_rows and former_b",
    ),
    Guard(
        "a disabled account sees nothing",
        PLACES,
        'if not (user.is_active and getattr(user, "is_incubator_staff", False)):',
        'if not getattr(user, "is_incubator_staff", False):',
        "inactive_people",
    ),
    Guard(
        "passwords are given by who may change the account",
        "incubators/admin/people.py",
        """        if not self.has_change_permission(request, person):
            raise PermissionDenied
        if person == request.user:""",
        "        if person == request.user:",
        "takes_over_no_account",
    ),
    Guard(
        "the log of an account is the registrars'",
        "incubators/admin/people.py",
        """        if not (getattr(request.user, "is_registrar", False) or getattr(request.user, "is_auditor", False)):
            raise PermissionDenied
        return super().history_view""",
        "        return super().history_view",
        "log_of_an_account",
    ),
    Guard(
        "an upload of another incubator is not found",
        UPLOADS,
        'found = scope.scope(Upload.objects.all(), request.user, write=request.method not in ("GET", "HEAD"))',
        "found = Upload.objects.all()",
        "upload",
    ),
)


def copy_of_the_tree(folder: Path) -> Path:
    """What git knows of the tree and what is new in it, without the environment."""
    tree = folder / "tree"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tree / name)
    return tree


def first_to_notice(guard: Guard, tree: Path) -> str:
    """The test that fails without the guard; empty where none does. LookupError: the guard is not where it was."""
    module = tree / guard.module
    whole = module.read_text()
    if whole.count(guard.old) != 1:
        raise LookupError(f"{guard.module} has the guard {whole.count(guard.old)} times")
    module.write_text(whole.replace(guard.old, guard.new))
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
        command += ["tests/scope", "-k", guard.tests]
        run = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    finally:
        module.write_text(whole)
    failed = re.search(r"^FAILED (\S+)", run.stdout, re.MULTILINE)
    if run.returncode == 1 and failed:
        return failed[1].partition("::")[2]
    if run.returncode == 0:
        return ""
    raise RuntimeError(f"the tests did not run: {run.stdout[-2000:]}{run.stderr[-1000:]}")


def main(numbers: list[int]) -> int:
    missed = 0
    with tempfile.TemporaryDirectory(prefix="register-guards-") as folder:
        tree = copy_of_the_tree(Path(folder))
        for number, guard in enumerate(GUARDS, start=1):
            if numbers and number not in numbers:
                continue
            try:
                caught = first_to_notice(guard, tree)
            except LookupError as error:
                caught = ""
                print(f"{number:3} {error}")
            missed += not caught
            print(f"{number:3} {guard.what}: {caught or 'NOT CAUGHT'}", flush=True)
    print(f"{missed} of {len(numbers or GUARDS)} guards were removed without a test that noticed it")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main([int(number) for number in sys.argv[1:]]))
