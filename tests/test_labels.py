"""Labels of the code in Chinese and Italian: complete, compiled, found by Django, and heard in the API's answers."""

import ast
import datetime
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from companies.models import Company, CompanyName, Seat
from companies.statistics.metrics import METRICS
from config.endpoints import urlpatterns
from config.management.commands.compile_labels import FOLDER, catalogues, compiled
from registry.api.views import RegisterView
from tests import samples

ROOT = Path(__file__).resolve().parent.parent
APPS = ("registry", "incubators", "companies", "config")
LANGUAGES = ("zh_Hans", "it")
# The arguments of each function of gettext that are labels, and the one that is their context.
GETTEXT: dict[str, tuple[slice, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy"), (slice(1), None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (slice(2), None)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (slice(1, 2), 0)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (slice(1, 3), 0)),
}
IN_TEMPLATE = re.compile(r"""\{%\s*trans(?:late)?\s+(["'])(?P<label>.*?)\1(?:\s+context\s+(["'])(?P<context>.*?)\3)?""")
BLOCK_OF_TEMPLATE = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(?P<label>.*?)\{%\s*endblocktrans", re.S)
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdr]|%%")
BY_NAME = re.compile(r"%\(")
ENGLISH_WORD = re.compile(r"[A-Za-z]{2,}")


def source_files(ending: str) -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob(f"*.{ending}") if "migrations" not in path.parts)


def in_context(context: str | None, label: str) -> str:
    """A text that has one meaning in a context and another elsewhere is two labels."""
    return f"{context}|{label}" if context else label


def labels_of_module(path: Path) -> Iterator[str]:
    """The texts handed to gettext; one that is no plain text can never be collected, hence the failure."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in GETTEXT:
            labels, context = GETTEXT[name]
            texts = [str(given.value) if isinstance(given, ast.Constant) else "" for given in node.args]
            assert all(texts[labels]), f"{path.name}:{node.lineno}: no plain text"
            yield from (in_context(None if context is None else texts[context], text) for text in texts[labels])


def labels_of_template(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    yield from (in_context(found["context"], found["label"]) for found in IN_TEMPLATE.finditer(text))
    for found in BLOCK_OF_TEMPLATE.finditer(text):
        yield re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", found["label"])


@cache
def labels_of_the_code() -> set[str]:
    modules = (label for path in source_files("py") for label in labels_of_module(path))
    templates = (label for path in source_files("html") for label in labels_of_template(path))
    return {*modules, *templates}


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(FOLDER / language / "LC_MESSAGES" / "django.po"))


def translations(language: str) -> dict[str, list[str]]:
    """Each English text with its translations, several where the language tells numbers apart."""
    found: dict[str, list[str]] = {}
    for entry in catalogue(language):
        if not entry.obsolete and "fuzzy" not in entry.flags:
            texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
            labels = [label for label in (entry.msgid, entry.msgid_plural) if label]
            found |= {in_context(entry.msgctxt, label): texts for label in labels}
    return found


def placeholders(text: str) -> list[str]:
    """Those without a name are filled in their order; names may change places."""
    found = PLACEHOLDER.findall(text)
    return sorted(found) if BY_NAME.search(text) else found


def untranslated(language: str) -> list[str]:
    known = translations(language)
    return sorted(label for label in labels_of_the_code() if not all(map(str.strip, known.get(label, [""]))))


def test_labels_are_found_in_modules_and_templates() -> None:
    labels = labels_of_the_code()
    assert {"firm", "unknown", "… and %d more row", "… and %d more rows"} <= labels
    assert {"No version is recorded yet.", "without a person (database role %(role)s)"} <= labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_is_translated(language: str) -> None:
    missing = untranslated(language)
    assert not missing, "\n".join(("See config/management/commands/compile_labels.py; not translated:", *missing))


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    pairs = [(label, text) for label, texts in translations(language).items() for text in texts]
    assert [(label, text) for label, text in pairs if placeholders(text) != placeholders(label)] == []


def test_chinese_labels_are_chinese() -> None:
    """Except marks such as “%(name)s: %(reason)s”, every translation holds a Chinese character."""
    for label, texts in translations("zh_Hans").items():
        if ENGLISH_WORD.search(PLACEHOLDER.sub("", label)):
            assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts), label


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_labels_are_those_of_the_text(language: str) -> None:
    path = FOLDER / language / "LC_MESSAGES" / "django.po"
    assert path in catalogues()
    assert path.with_suffix(".mo").read_bytes() == compiled(path), "run manage.py compile_labels"


@pytest.mark.parametrize(("language", "firm"), [("zh-hans", "企业"), ("it", "impresa")])
def test_django_finds_each_language(language: str, firm: str) -> None:
    assert language in dict(settings.LANGUAGES)
    with translation.override(language):
        assert gettext("firm") == firm


def test_numbers_are_told_apart_as_the_language_does() -> None:
    def rows(count: int) -> str:
        return ngettext("… and %d more row", "… and %d more rows", count) % count

    with translation.override("zh-hans"):
        assert (rows(1), rows(2)) == ("……另有 1 行", "……另有 2 行")
    with translation.override("it"):
        assert (rows(1), rows(2)) == ("… e un'altra riga (1)", "… e altre 2 righe")


# --- The API in Chinese

PROBLEMS = {
    "companies/?distrct=500106": 400,
    "companies/?district=999999": 400,
    "companies/?district=500105&valid_on=2026-01-01": 400,
    "companies/?valid_on=2026-13-01": 400,
    "companies/?known_at=yesterday": 400,
    "companies/?certified=": 400,
    "companies/?limit=0": 400,
    "companies/?limit=ten": 400,
    "companies/?order=size": 400,
    "companies/?order=distance": 400,
    "companies/?seated=perhaps": 400,
    "companies/?near=29.5": 400,
    "companies/?cursor=zzz": 400,
    "companies/?q=a&q=b": 400,
    "companies/?hub=H1,H1": 400,
    "companies/?hub=H1,": 400,
    "statistics/certifications-granted/": 400,
    "statistics/certifications-granted/?from=2026-02-01&to=2026-01-01": 400,
    "statistics/high-tech-firms/?group_by=colour": 400,
    "statistics/high-tech-firms/?group_by=hub&having=many": 400,
    "statistics/high-tech-firms/?group_by=hub&having=9..1": 400,
    "statistics/high-tech-firms/?order=value": 400,
    "statistics/high-tech-firms/series/": 400,
    "statistics/high-tech-firms/series/?from=1990-01-01&to=2026-01-01": 400,
    "statistics/high-tech-firms/bridge/?from=2026-02-01&to=2026-01-01": 400,
    "statistics/high-tech-firms/revisions/?known_from=2150-01-01T00:00:00Z": 400,
    "companies/91500000000000000X/": 404,
    "nothing/": 404,
}
CODES = {"JSON", "YYYY-MM-DD", "valid_on", "known_at"}


def ask(address: str, status: int = 200) -> Any:
    joint = "&" if "?" in address else "?"
    response = Client().get(f"/api/v1/{address}{joint}lang=zh")
    assert response.status_code == status, (address, response.content)
    return response.json()


@cache
def names_of_the_contract() -> set[str]:
    """Parameters, dimensions and their choices: codes that are the same in every language."""
    views: list[type[RegisterView]] = [pattern.callback.view_class for pattern in urlpatterns]  # type: ignore[attr-defined]
    parameters = [parameter for view in views for parameter in view.parameters()]
    choices = {choice for parameter in parameters for choice in getattr(parameter.kind, "choices", ())}
    orders = {name for parameter in parameters for name in getattr(parameter.kind, "names", ())}
    dimensions = {dimension.name for metric in METRICS for dimension in metric.dimensions}
    return {parameter.name for parameter in parameters} | choices | orders | dimensions


def english_in(text: str, address: str) -> list[str]:
    """Words of the English labels, without what the caller typed and the contract's own names."""
    labels = {word for label in labels_of_the_code() for word in ENGLISH_WORD.findall(label)}
    known = names_of_the_contract() | set(re.findall(r"\w+", address)) | CODES
    without_addresses = re.sub(r"/api/v1/[a-z/-]*", "", text)
    words = set(re.findall(r"[A-Za-z][A-Za-z_-]+", without_addresses)) - known
    return sorted(word for word in words if word in labels)


@pytest.mark.django_db
@pytest.mark.parametrize("address", PROBLEMS)
def test_a_problem_in_chinese_holds_no_english(address: str) -> None:
    problem = ask(address, PROBLEMS[address])
    texts = [problem["title"], problem["detail"], *(error["detail"] for error in problem["errors"])]
    assert [(text, english_in(text, address)) for text in texts if english_in(text, address)] == []
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in texts), texts


def test_english_left_over_would_be_noticed() -> None:
    assert english_in("There is no parameter “distrct” here.", "companies/?distrct=1")


@pytest.fixture
def firm_without_hub(db: None) -> None:
    firm = samples.saved(Company, is_invented=True, is_published=True, hub=None)
    samples.saved(CompanyName, company=firm)
    samples.saved(Seat, company=firm, valid_from=datetime.date(2020, 1, 1), valid_until=None)


@pytest.mark.usefixtures("firm_without_hub")
def test_a_figure_in_chinese_calls_the_unknown_group_by_its_name() -> None:
    figure = ask("statistics/firms/?group_by=hub&valid_on=2026-06-30")
    assert [group["label"] for group in figure["groups"]] == [{"hub": "未知"}]


@pytest.mark.usefixtures("firm_without_hub")
def test_flags_and_definitions_in_chinese_hold_no_english() -> None:
    address = "statistics/firms/?group_by=university,certification_kind&financed=false&having=9..&valid_on=2026-06-30"
    flags = {flag["code"]: flag["detail"] for flag in ask(address)["flags"]}
    assert {
        "invented_data",
        "sole_traders_left_out",
        "published_financings_only",
        "multi_valued",
        "groups_left_out",
    } == set(flags)
    metrics = ask("statistics/")["data"]
    texts = [*flags.values(), *(metric[part] for metric in metrics for part in ("name", "definition", "unit"))]
    assert [(text, english_in(text, address)) for text in texts if english_in(text, address)] == []
