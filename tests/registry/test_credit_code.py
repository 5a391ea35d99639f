"""Credit codes: official samples pass, every slip is refused and most are put right."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from registry.credit_code import (
    ALPHABET,
    KINDS,
    CreditCodeError,
    check,
    complete,
    final_check,
    is_sole_trader,
    is_valid,
    normalise,
    organisation_check,
    suggest,
    validate_credit_code,
)

OFFICIAL = [
    "11500000009276281J",
    "11500104009286420B",
    "11500103009283772K",
    "1150010700927688XM",
    "91500103622188319J",
    "91500000202833449G",
    "91500000202897821P",
    "91500112MA605MRG8L",
    "9150000020286320X6",
    "91500000202852965T",
    "915001066608898456",
    "91110000600037341L",
]
FIVE = [
    "11500000009276281J",
    "1150010700927688XM",
    "91500112MA605MRG8L",
    "9150000020286320X6",
    "915001066608898456",
]

first_eights = st.sampled_from(sorted(KINDS)).flatmap(
    lambda department: st.builds(
        lambda kind, division: f"{department}{kind}{division:06d}",
        st.sampled_from(KINDS[department]),
        st.integers(0, 999_999),
    )
)
codes = st.builds(complete, first_eights, st.text(ALPHABET, min_size=8, max_size=8))


def problem_of(text: object) -> str:
    with pytest.raises(CreditCodeError) as caught:
        check(text)
    assert caught.value.code is not None
    return caught.value.code


@pytest.mark.parametrize("code", OFFICIAL)
def test_official_code_passes(code: str) -> None:
    assert check(code) == code


@pytest.mark.parametrize("code", FIVE)
def test_every_single_character_change_is_refused(code: str) -> None:
    changed = [code[:i] + c + code[i + 1 :] for i in range(18) for c in ALPHABET if c != code[i]]
    assert len(changed) == 18 * 30
    assert [text for text in changed if is_valid(text)] == []


@pytest.mark.parametrize("code", FIVE)
def test_the_final_check_alone_does_not_hide_a_missing_organisation_check(code: str) -> None:
    """With the eighteenth character made to fit, only GB 11714 is left to refuse a wrong seventeenth."""
    for wrong in set("0123456789X") - {code[16]}:
        first17 = code[:16] + wrong
        assert problem_of(first17 + final_check(first17)) == "organisation_check"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("115000000090000800", "organisation_check"),
        ("91500112MA13D6X3AX", "organisation_check"),
        ("91500112MADFAQ9xxx", "organisation_check"),
        ("9.15001E+17", "exponent"),
        ("9.15e17", "exponent"),
        ("９．１５００１Ｅ＋１７", "exponent"),
        ("915001066608898000.0", "exponent"),
        (915001066608898456, "number"),
        (9.15001066608898e17, "number"),
        pytest.param(10**5000, "number", id="5001-digits"),
        (None, "empty"),
        ("", "empty"),
        ("\u200b \u202e", "empty"),
        ("91500112MA605MRG8", "length"),
        ("91500112MA605MRG8LL", "length"),
        pytest.param("9" * 100_000, "length", id="100000-characters"),
        ("91500112MA6O5MRG8L", "alphabet"),
        ("91500112\u041cA605MRG8L", "alphabet"),
        ("91500112\x00A605MRG8L", "alphabet"),
        ("91500112\ud800A605MRG8L", "alphabet"),
        ("01500112MA605MRG8L", "department"),
        ("B1500112MA605MRG8L", "department"),
        ("97500112MA605MRG8L", "kind"),
        ("Y2500112MA605MRG8L", "kind"),
        ("9150A112MA605MRG8L", "division"),
        ("91500112MA605MRG7L", "organisation_check"),
        ("91500112MA605MRG8K", "check"),
    ],
)
def test_bad_code_is_refused_for_its_reason(text: object, problem: str) -> None:
    assert problem_of(text) == problem


@pytest.mark.parametrize("position", range(8, 17))
def test_wrong_organisation_character_is_named_as_such_or_by_the_last(position: int) -> None:
    code = "91500112MA605MRG8L"
    changed = [code[:position] + c + code[position + 1 :] for c in ALPHABET if c != code[position]]
    assert {problem_of(text) for text in changed} <= {"organisation_check", "check"}


@pytest.mark.parametrize(
    "typed",
    [
        "91500112ma605mrg8l",
        "９１５００１１２ＭＡ６０５ＭＲＧ８Ｌ",
        " 9150 0112-MA60.5MRG_8L\n",
        "\ufeff91500112\u200bMA605\u202eMRG8L",
        "91500112\u3000MA605MRG\u20148L",
        "'91500112MA605MRG8L",
    ],
)
def test_typed_form_is_normalised(typed: str) -> None:
    assert check(typed) == "91500112MA605MRG8L"


@pytest.mark.parametrize("department", "123456789ANY")
def test_every_legal_department_is_taken(department: str) -> None:
    assert is_valid(complete(f"{department}1500000", "MA5ABCDE"))


@pytest.mark.parametrize("department", sorted(set(ALPHABET) - set("123456789ANY")))
def test_every_other_department_is_refused(department: str) -> None:
    with pytest.raises(CreditCodeError) as caught:
        complete(f"{department}1500000", "MA5ABCDE")
    assert caught.value.code == "department"


@pytest.mark.parametrize(("department", "kinds"), [("1", "1239"), ("5", "123459"), ("9", "123"), ("Y", "1")])
def test_kind_is_one_of_its_department(department: str, kinds: str) -> None:
    taken = ""
    for kind in ALPHABET:
        first17 = f"{department}{kind}500000MA5ABCDE" + organisation_check("MA5ABCDE")
        taken += kind if is_valid(first17 + final_check(first17)) else ""
    assert taken == kinds


@pytest.mark.parametrize(
    ("first", "body"), [("9150000", "MA5ABCDE"), ("91500000", "MA5ABCD"), ("91500000", "MA5ABCDI")]
)
def test_complete_refuses_wrong_parts(first: str, body: str) -> None:
    with pytest.raises(CreditCodeError) as caught:
        complete(first, body)
    assert caught.value.code == "parts"


def test_organisation_check_gives_x_and_0() -> None:
    assert organisation_check("20286320") == "X"
    assert {organisation_check(f"{n:08d}") for n in range(99)} == set("0123456789X")


@settings(deadline=None)
@given(codes)
def test_generated_code_passes_and_stdnum_agrees_where_it_knows_the_department(code: str) -> None:
    assert check(code) == code
    assert stdnum_uscc.is_valid(code) == code[0].isdigit()


@settings(deadline=None)
@given(
    st.text(ALPHABET, min_size=18, max_size=18) | st.from_regex(r"9[123][0-9]{6}[0-9]{8}[0-9X][0-9A-Y]", fullmatch=True)
)
def test_nothing_passes_that_stdnum_refuses(text: str) -> None:
    if is_valid(text) and text[0].isdigit():
        assert stdnum_uscc.is_valid(text)


@settings(deadline=None)
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@settings(deadline=None)
@given(st.text() | st.integers() | st.floats() | st.none() | st.binary())
def test_any_input_is_a_code_or_a_credit_code_error(value: object) -> None:
    assert is_valid(value) in (True, False)
    assert all(is_valid(code) for code in suggest(value))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("91500112MA6O5MRG8L", "91500112MA605MRG8L"),
        ("9I500112MA605MRG8L", "91500112MA605MRG8L"),
        ("9IS00II2MA6OSMRG8L", "91500112MA605MRG8L"),
        ("9150011ZMA605MRG8L", "91500112MA605MRG8L"),
        ("91500112\u041c\u0410605MRG8L", "91500112MA605MRG8L"),
        ("91500112\u039c\u0391605MRG8L", "91500112MA605MRG8L"),
        ("91500112MA605MR68L", "91500112MA605MRG8L"),
        ("91S00000202897821P", "91500000202897821P"),
    ],
)
def test_look_alike_is_suggested_first(typed: str, meant: str) -> None:
    assert suggest(typed)[0] == meant


@settings(deadline=None)
@given(codes, st.data())
def test_exchanged_neighbours_are_put_right(code: str, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, 16))
    typed = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
    if not is_valid(typed):
        assert code in suggest(typed)


@settings(deadline=None)
@given(codes, st.integers(0, 17))
def test_missing_character_is_put_right(code: str, i: int) -> None:
    found = suggest(code[:i] + code[i + 1 :])
    assert len(found) == 5 or code in found


@settings(deadline=None)
@given(codes, st.integers(0, 18), st.sampled_from(ALPHABET))
def test_surplus_character_is_put_right(code: str, i: int, surplus: str) -> None:
    found = suggest(code[:i] + surplus + code[i:])
    assert len(found) == 5 or code in found


@settings(deadline=None)
@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_put_right(code: str, i: int, wrong: str) -> None:
    typed = code[:i] + wrong + code[i + 1 :]
    found = suggest(typed)
    assert typed == code or len(found) == 5 or code in found
    assert len(found) <= 5 and len(set(found)) == len(found)


@pytest.mark.parametrize("text", ["91500112MA605MRG8L", "", "abc", "重庆", 915001066608898456, None])
def test_nothing_is_suggested_for_a_valid_code_or_a_hopeless_text(text: object) -> None:
    assert suggest(text) == []


def test_sole_trader_is_kind_2_of_the_market_department_only() -> None:
    assert is_sole_trader("92500112MA605MRG8L")
    assert is_sole_trader("９2500112ma605mrg8l")
    assert not is_sole_trader("91500112MA605MRG8L")
    assert not is_sole_trader("12500000450380000X")
    assert not is_sole_trader("52500000MJP500000X")


def test_message_names_what_is_wrong_and_where() -> None:
    with override("en"), pytest.raises(CreditCodeError) as caught:
        check("91500112MA6O5MRG8L")
    with override("en"):
        assert str(caught.value) == "“91500112MA6O5MRG8L” has “O” at position 12, which no credit code contains."


@pytest.mark.parametrize(
    "text", ["9.15E+17", 9.15e17, "", "9150", "B1500112MA605MRG8L", "91500112MA605MRG8K", "\ud800" * 18]
)
def test_every_message_can_be_printed(text: object) -> None:
    with override("en"), pytest.raises(CreditCodeError) as caught:
        check(text)
    with override("en"):
        assert str(caught.value).encode().decode().endswith(".")
        assert "%(" not in str(caught.value)


def test_validator_speaks_to_forms() -> None:
    validate_credit_code("91500112ma605mrg8l")
    with pytest.raises(ValidationError) as caught:
        validate_credit_code("91500112MA605MRG8K")
    assert caught.value.code == "check"


def test_a_wrong_check_character_alone_is_suggested_first() -> None:
    code = complete("91500106", "MA5X0001")
    for last in set(ALPHABET) - {code[-1]}:
        assert suggest(code[:-1] + last)[0] == code


@pytest.mark.parametrize(
    ("language", "text", "sentence"),
    [
        ("en", "x", "“X” has 1 character, and a credit code 18."),
        ("en", "xy", "“XY” has 2 characters, and a credit code 18."),
        ("it", "x", "«X» ha 1 carattere, un codice di credito 18."),
        ("it", "xy", "«XY» ha 2 caratteri, un codice di credito 18."),
        ("zh-hans", "x", "“X”有 1 个字符，统一社会信用代码应为 18 个。"),
    ],
)
def test_one_character_is_told_as_one(language: str, text: str, sentence: str) -> None:
    with override(language), pytest.raises(CreditCodeError) as caught:
        check(text)
    with override(language):
        assert str(caught.value) == sentence
