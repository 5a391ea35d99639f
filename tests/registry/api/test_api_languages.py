"""Which of an entry's names is shown."""

import pytest

from registry.api.languages import name_in

NAMES = {"zh": "重庆", "en": "Chongqing", "it": ""}


@pytest.mark.parametrize(("language", "name"), [("zh", "重庆"), ("en", "Chongqing"), ("it", "重庆"), ("fr", "重庆")])
def test_the_chinese_name_stands_in_for_a_missing_one(language: str, name: str) -> None:
    assert name_in(language, NAMES) == name
