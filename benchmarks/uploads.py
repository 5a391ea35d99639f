"""20,000 firms with 37 wrong rows of ten kinds through the pages of uploads, with a worker of its own.

    python -m benchmarks.uploads [ROWS]

Prints how long each step takes and the most memory that the worker held. Nothing is written before the rows are
corrected; then all of it, once; a second time nothing.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import database
from benchmarks.imports import clone

CHECKOUT = Path(__file__).resolve().parent.parent
WRONG = 37
MEGABYTE = 1024


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with database.stopped_afterwards(), clone(prepared()) as url:
        os.environ["HTTPS_ONLY"] = "no"  # the test client speaks http
        database.set_up_django(url)
        Run(url, rows).all()


def most_memory(pid: int) -> int:
    """Resident memory in KB at its highest, 0 of a process that has ended. Not what wait4 tells: that begins with the
    memory of the process which started it.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def prepared() -> str:
    """An empty register with its reference data, to be cloned."""
    database.drop(0)
    url = database.start(0)
    environment = os.environ | {
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-benchmarks-" + "0123456789abcdef" * 3,
        "ALLOWED_HOSTS": "localhost",
    }
    for command in ("migrate", "load_reference"):
        done = [sys.executable, "manage.py", command, "--verbosity", "0"]
        subprocess.run(done, cwd=CHECKOUT, env=environment, check=True)
    return url


class Run:
    def __init__(self, url: str, rows: int) -> None:
        from django.test import Client

        from benchmarks.contenders.sessions import give_second_factor
        from registry.models import Role, User

        self.url, self.rows = url, rows
        user = User.objects.create_user("bench", role=Role.REGISTRAR, is_staff=True)
        give_second_factor(user)
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(user)

    def all(self) -> None:
        from tests.companies.imports.test_import_faults import list_with_faults

        self._holder_of_three_numbers()
        rows, faults = list_with_faults(self.rows, seed=WRONG)
        good = [dict(row) for row in rows]
        for place in faults:
            good[place] = self._good(place)
        upload = self.judged("1. with 37 wrong rows", rows)
        named = {
            (row.number, problem["column_title"])
            for row in upload.rows.filter(verdict="wrong")
            for problem in row.problems
        }
        assert named == {(place + 2, heading) for place, heading in faults.items()}, named
        assert self.firms() == 1
        print(f"   all {len(named)} named by row and column, nothing written")
        self.step("2. corrected on the page, judged again", upload, "correct", self._fixes(faults, good))
        assert upload.plan["counts"]["new"] == self.rows, upload.plan["counts"]
        self.step("3. written", upload, "commit", {"reason": "bench"})
        assert upload.committed_id and self.firms() == self.rows + 1, (upload.failure, self.firms())
        again = self.judged("4. the corrected file again", good)
        assert again.plan["counts"]["same"] == self.rows, again.plan["counts"]
        self.step("5. undone", upload, "undo", {"reason": "bench"})
        assert upload.undone_id and self.firms() == 1, upload.failure

    def _holder_of_three_numbers(self) -> None:
        """Another firm already holds the certificate numbers that one kind of fault claims."""
        from companies.models import Certification, CertificationKind
        from tests.companies.imports.lists import day, firm, number_of
        from tests.samples import saved

        company, kind = firm(999_999, "重庆别家有限公司"), CertificationKind.objects.get(code="high_tech")
        for place in range(3):
            issued = day(f"202{place}-01-05")
            saved(Certification, company=company, kind=kind, number=number_of(900_000 + place), issued_on=issued)

    def _good(self, place: int) -> dict[str, Any]:
        from tests.companies.imports.lists import good_row

        return good_row(place + 1)

    def _fixes(self, faults: dict[int, str], good: list[dict[str, Any]]) -> dict[str, str]:
        from registry.sheets.columns import recognise

        fixes = {}
        for place, heading in faults.items():
            for name in {heading, "统一社会信用代码", "企业名称", "证书编号"}:
                fixes[f"fix-{place + 2}-{recognise(name)[0]}"] = str(good[place][name])
        return fixes

    def judged(self, what: str, rows: list[dict[str, Any]]) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        from companies.models import Upload
        from tests.companies.imports.lists import as_table, write_xlsx

        path = Path(self._folder()) / "名单.xlsx"
        write_xlsx(path, as_table(rows), "")
        content = path.read_bytes()
        began = time.monotonic()
        answer = self.client.post("/admin/uploads/", {"file": SimpleUploadedFile("名单.xlsx", content)})
        assert answer.status_code == 302, answer.content
        print(f"   upload of {len(content) / 1e6:.1f} MB and its columns: {time.monotonic() - began:.1f} s")
        upload = Upload.objects.latest("pk")
        self.step(what, upload, "columns", {f"column-{h['letter']}": h["key"] for h in upload.proposal["headings"]})
        return upload

    def _folder(self) -> str:
        import tempfile

        return tempfile.mkdtemp(prefix="register-bench-")

    def step(self, what: str, upload: Any, name: str, sent: dict[str, str]) -> None:
        self.client.post(f"/admin/uploads/{upload.pk}/{name}/", sent)
        began = time.monotonic()
        environment = os.environ | {"DATABASE_URL": self.url}
        command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay", "--verbosity", "0"]
        worker = subprocess.Popen(command, cwd=CHECKOUT, env=environment)
        most = 0
        while worker.poll() is None:
            most = max(most, most_memory(worker.pid))
            time.sleep(0.2)
        assert worker.returncode == 0, worker.returncode
        upload.refresh_from_db()
        assert not upload.failure, upload.failure
        print(f"{what}: {time.monotonic() - began:.1f} s, worker's most memory {most / MEGABYTE:.0f} MB")

    def firms(self) -> int:
        from companies.models import Company

        return Company.objects.count()


if __name__ == "__main__":
    main()
