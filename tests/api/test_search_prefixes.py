"""Who types on in the search `q` never meets a firm that the letters before left out."""

import random

import pytest

import companies.search
from companies.models import Company, CompanyName
from companies.search import Search

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


def found(q: str) -> set[int]:
    return set(Search(q).narrow(Company.objects.all()).values_list("pk", flat=True))


@pytest.mark.parametrize("few", [5_000, 0])
def test_who_is_found_by_initials_is_found_by_their_beginning(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Down to the first letter, and whichever way the search goes."""
    monkeypatch.setattr(companies.search, "FEW", few)
    chance = random.Random(13)
    names = list(CompanyName.objects.values_list("company", "initials"))
    for _number in range(100):
        _firm, initials = chance.choice(names)
        start = chance.randrange(len(initials) - 1)
        piece = initials[start : start + chance.randint(2, 6)]
        holding = {firm for firm, known in names if piece in known}
        for length in range(1, len(piece) + 1):
            assert not holding - found(piece[:length]), (piece, length)


def test_a_longer_word_without_vowels_finds_no_other_firm() -> None:
    """No syllable holds such a word, so that only initials, or a code, do: every longer one finds fewer."""
    initials = CompanyName.objects.values_list("initials", flat=True)
    words = {known[start : start + 4] for known in initials for start in range(len(known) - 3)}
    chosen = sorted(word for word in words if not set(word) & set("aeiouvn"))
    for word in random.Random(17).sample(chosen, 60):
        by_code = set(Company.objects.filter(uscc__icontains=word[:3]).values_list("pk", flat=True))
        assert found(word) <= found(word[:3]) <= found(word[:2]) | by_code, word
