"""How a search is read, and how the database folds and cuts what is searched."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.search.simplified import opencc_pairs, pairs
from registry.search.words import Word, fold, has_letter, pieces_of, read, readings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重慶（渝）", "重庆(渝)"),
        ("重庆【渝】", "重庆〔渝〕"),
        ("重庆[渝]", "重庆｛渝｝"),
        ("ＡＢＣ１２", "abc12"),
        ("Università", "universita"),
        ("后山・花", "后山·花"),
        ("乾隆", "干隆"),
        ("中国“云”", '中国"云"'),
        ("重庆 ABC 科技", "重庆abc科技"),
    ],
)
def test_writings_that_mean_the_same_fold_alike(one: str, other: str) -> None:
    assert fold([one]) == fold([other])


def test_different_names_stay_different() -> None:
    names = ["重庆(渝)科技", "重庆渝科技", "天津", "天律", "a-b", "ab"]
    assert fold(names) == names


letters = st.text(
    st.sampled_from("重慶乾長（）【】ＡaZ １9é\u00b7ß・“”") | st.characters(categories=["L", "N"]), max_size=8
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=letters, piece=letters, after=letters)
def test_a_piece_of_a_name_folds_to_a_piece_of_the_folded_name(before: str, piece: str, after: str) -> None:
    folded_piece, folded_name = fold([piece, before + piece + after])
    assert folded_piece in folded_name
    assert fold([folded_piece]) == [folded_piece]


def test_simplified_forms_are_those_of_opencc() -> None:
    assert pairs() == opencc_pairs(), "python -m registry.search.simplified; then write the search texts anew"


def test_every_traditional_character_folds_to_its_simplified_form() -> None:
    known = dict(pairs())
    folded = fold(list(known))
    wrong = {
        old: new for old, new in zip(known, folded, strict=True) if new != unicodedata.normalize("NFKD", known[old])
    }
    # Compatibility characters are decomposed first, and then simplified if need be.
    assert [old for old in wrong if unicodedata.normalize("NFKD", old) == old] == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("zhongqing", ["zhongqing", "chongqing"]),
        ("Zhong Qing light", ["Zhong Qing light", "chong qing light"]),
        ("zhangshou", ["zhangshou", "changshou"]),
        ("lüse", ["lüse", "lvse"]),
        ("lu\u0308se", ["lüse", "lvse"]),
        ("chongqing", ["chongqing"]),
        ("重\u200b庆", ["重庆"]),
    ],
)
def test_a_wrong_reading_is_also_read_as_it_was_meant(text: str, meant: list[str]) -> None:
    assert readings(text) == meant


def test_words_are_folded_and_none_stands_twice() -> None:
    ((first, *others),) = ([reading.words for reading in read("重慶 ＡＢ 重庆 ´")],)
    assert (first, others) == ((Word("重庆"), Word("ab")), [])


@pytest.mark.parametrize(
    ("folded", "latin"), [("chong-qing", "chongqing"), ("o'neil", "oneil"), ("重庆ab", ""), ("завод", ""), ("()", "")]
)
def test_only_words_without_other_letters_are_spelled(folded: str, latin: str) -> None:
    assert Word(folded).latin == latin


@pytest.mark.parametrize("text", ["...", "（）", "😀", " - ", "\u037a", "\u3164-", "´"])
def test_marks_alone_hold_nothing_to_look_for(text: str) -> None:
    assert not has_letter(text)


@pytest.mark.parametrize("text", ["重", "a", "９", "(渝)", "ª"])
def test_one_letter_is_enough(text: str) -> None:
    assert has_letter(text)


def test_a_piece_of_a_line_is_found_by_its_pieces() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_pieces(%s)", ["\n重庆a𠮷\n"])
        ((pieces,),) = cursor.fetchall()
    assert len(pieces) == len(set(pieces)) + 1 == 6 + 5  # the line's end stands twice
    for inside in ("重", "庆a", "\n重庆", "a𠮷\n", "重庆a𠮷"):
        assert set(pieces_of(inside)) <= set(pieces), inside
    for outside in ("渝", "庆重", "\na", "重a"):
        assert not set(pieces_of(outside)) <= set(pieces), outside
