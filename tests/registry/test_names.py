"""Names: what is stored, what is refused, what counts as the same, and how it is ordered."""

import random
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from registry.names import (
    MAX_NAME_LENGTH,
    NameProblem,
    clean_name,
    has_mixed_lookalikes,
    normalise_name,
    pinyin_initials,
    pinyin_key,
    shown,
)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("重庆长安汽车股份有限公司", "重庆长安汽车股份有限公司"),
        ("  重庆(两江)科技\t有限公司 ", "重庆（两江）科技有限公司"),
        ("重庆（两江)科技有限公司", "重庆（两江）科技有限公司"),
        ("重庆长安\n汽车股份\r\n有限公司", "重庆长安汽车股份有限公司"),
        ("重庆\u200b长安\u202e汽车\ufeff", "重庆长安汽车"),
        ("重庆ＡＢＣ科技１２", "重庆ABC科技12"),
        ("重庆\u2f2f业", "重庆工业"),
        ("Chongqing   University\n(Campus\u3000A)", "Chongqing University (Campus A)"),
        ("Univer（A）", "Univer(A)"),
        ("Universita\u0300 di Chongqing", "Università di Chongqing"),
        ("3M中国", "3M中国"),
        ("重庆 ABC 科技", "重庆 ABC 科技"),
        ("μTorrent", "μTorrent"),
        ("Завод", "Завод"),
        pytest.param("\u57ce" * MAX_NAME_LENGTH, "\u57ce" * MAX_NAME_LENGTH, id="longest"),
    ],
)
def test_name_is_cleaned_for_storing(typed: str, stored: str) -> None:
    assert clean_name(typed) == stored


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("\u200b\u200d\ufeff", "empty"),
        ("\u3164\ufe0f", "empty"),
        ("（）", "empty"),
        ("重庆\x00科技", "control"),
        ("重庆\x1b[31m科技", "control"),
        ("重庆\ud800科技", "surrogate"),
        ("重庆\u0410BC科技", "lookalike"),
        ("重庆\u0391科技", "lookalike"),
        ("\u0421hongqing", "lookalike"),
        pytest.param("\u57ce" * (MAX_NAME_LENGTH + 1), "length", id="one-too-long"),
        pytest.param("\u57ce" * 1_000_000, "length", id="million-characters"),
        pytest.param("\u200b" * 1_000_000, "length", id="million-invisible"),
    ],
)
def test_unusable_name_is_refused_for_its_reason(typed: str, problem: str) -> None:
    with pytest.raises(NameProblem) as caught:
        clean_name(typed)
    assert caught.value.code == problem
    with override("en"):
        assert str(caught.value).encode()


def test_message_names_the_name() -> None:
    with pytest.raises(NameProblem) as caught:
        clean_name("重庆\x00科技")
    with override("en"):
        assert str(caught.value) == "The name “重庆\\u0000科技” has a control character at 3."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆（两江）科技有限公司", "重庆(两江)科技有限公司"),
        ("重庆【两江】科技", "重庆〔两江〕科技"),
        ("重慶長安汽車股份有限公司", "重庆长安汽车股份有限公司"),
        ("重庆 ＡＢＣ 科技", "重庆abc科技"),
        ("重庆\u200b科技\u202e", "重庆\n科技"),
        ("后山·花", "后山・花"),
        ("Straße AG", "STRASSE ag"),
    ],
)
def test_two_writings_of_one_name_match(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("重庆科技有限公司", "重庆科技有限责任公司"),
        ("重庆（两江）科技", "重庆两江科技"),
        ("重庆天津科技", "重庆天律科技"),
        ("重庆A1科技", "重庆A2科技"),
    ],
)
def test_different_names_do_not_match(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


names = st.text(st.sampled_from("重庆慶長安（）()ＡaZ １9\u200b\n\u2f2f\u00b7ß\u3164é") | st.characters(), max_size=30)


@settings(deadline=None)
@given(names)
def test_cleaning_twice_changes_nothing_and_matching_survives_it(text: str) -> None:
    try:
        stored = clean_name(text)
    except NameProblem:
        return
    assert clean_name(stored) == stored
    assert normalise_name(stored) == normalise_name(normalise_name(stored))
    assert not {unicodedata.category(c) for c in stored} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(names)
def test_any_text_has_a_folded_form_and_a_key_of_one_line(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)
    assert len(pinyin_key(text).splitlines()) <= 1
    assert " " not in pinyin_initials(text)


@pytest.mark.parametrize(
    ("name", "is_mixed"),
    [
        ("重庆科技", False),
        ("ABC", False),
        ("Завод ABC", False),
        ("重庆Завод", True),
        ("A\u0412C", True),
        ("\u0391lpha", True),
        ("β-Tech", False),
    ],
)
def test_mixed_lookalikes_are_seen(name: str, is_mixed: bool) -> None:
    assert has_mixed_lookalikes(name) == is_mixed


@pytest.mark.parametrize(
    ("name", "key", "initials"),
    [
        ("重庆长安汽车", "chong qing chang an qi che", "cqcaqc"),
        ("重慶市長壽區", "chong qing shi chang shou qu", "cqscsq"),
        ("重庆重工", "chong qing zhong gong", "cqzg"),
        ("重庆银行", "chong qing yin hang", "cqyh"),
        ("绿色音乐", "lv se yin yue", "lsyy"),
        ("重庆ABC科技（集团）12", "chong qing abc ke ji ji tuan 12", "cqabckjjt12"),
        ("垫江北碚", "dian jiang bei bei", "djbb"),
        ("Chongqing University", "chongqing university", "chongqinguniversity"),
        ("（）", "", ""),
    ],
)
def test_name_is_spelled_in_pinyin(name: str, key: str, initials: str) -> None:
    assert (pinyin_key(name), pinyin_initials(name)) == (key, initials)


def test_a_name_read_by_its_words_is_read_as_pypinyin_reads_it_whole() -> None:
    pinyin_key("重庆")  # our readings of some words are pypinyin's from here on
    words = random.Random(7).sample(sorted(word for word in PHRASES_DICT if len(word) < 4 and word.isalpha()), 3000)
    names = ["".join(words[start : start + 3]) for start in range(0, len(words), 3)]
    folded = {name: normalise_name(name) for name in names}
    assert {name: pinyin_key(name) for name in names} == {
        name: " ".join(lazy_pinyin(folded[name])).lower() for name in names
    }


def test_equal_readings_of_words_are_held_once() -> None:
    pinyin_key("重庆")
    held = [syllable for syllables in PHRASES_DICT.values() for syllable in syllables]
    assert len(held) > 100_000
    assert len({id(syllable) for syllable in held}) < 2_000


def test_names_are_ordered_as_a_chinese_reader_expects() -> None:
    firms = ["忠县科技", "重庆长安", "北碚制造", "重庆", "阿尔法", "成都分公司", "重庆安心"]
    ordered = ["阿尔法", "北碚制造", "成都分公司", "重庆", "重庆安心", "重庆长安", "忠县科技"]
    assert sorted(firms, key=pinyin_key) == ordered


def test_quoted_text_is_cut_and_harmless() -> None:
    assert shown("a\nb\u202ec\ud800") == "a\\u000ab\\u202ec\\ud800"
    assert shown("x" * 50) == "x" * 40 + "…"


def test_dictionaries_are_not_loaded_by_the_import() -> None:
    script = "import sys, registry.names; print(sorted({'pypinyin', 'opencc'} & set(sys.modules)))"
    root = Path(__file__).parents[2]
    printed = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


AT_ONCE = """
import sys, threading
from registry.names import pinyin_key
sys.setswitchinterval(1e-5)
start, found = threading.Barrier(8), []
def ask():
    start.wait()
    found.append(pinyin_key("重庆长寿区渝创科技有限公司"))
threads = [threading.Thread(target=ask) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), *set(found), sep="|")
"""


def test_the_first_names_of_a_process_are_read_by_several_threads_at_once() -> None:
    """In a process of its own: the readings are loaded once, while others already ask."""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", AT_ONCE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "8|chong qing chang shou qu yu chuang ke ji you xian gong si", done.stderr
