"""Simplified forms of traditional characters, one for one, as OpenCC's dictionary of characters gives them.

`simplified.csv` is kept in the repository, so that every database folds alike whatever OpenCC is installed.
`python -m registry.search.simplified` writes it anew; texts that are stored must then be folded again.
"""

import csv
from importlib import resources
from pathlib import Path

PAIRS = Path(__file__).with_name("simplified.csv")
FUNCTIONS = Path(__file__).with_name("functions.sql")


def pairs() -> list[tuple[str, str]]:
    """(traditional, simplified), ordered by code point."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [(row["traditional"], row["simplified"]) for row in csv.DictReader(file)]


def functions_sql() -> str:
    """The statements that make the functions, or replace them."""
    traditional, simplified = ("".join(side) for side in zip(*pairs(), strict=True))
    text = FUNCTIONS.read_text(encoding="utf-8").partition("CREATE")
    return (text[1] + text[2]).replace("TRADITIONAL", traditional).replace("SIMPLIFIED", simplified)


def opencc_pairs() -> list[tuple[str, str]]:
    """The same from the installed OpenCC: of several simplified forms the first, which is the usual one."""
    dictionary = resources.files("opencc") / "dictionary" / "TSCharacters.txt"
    found = []
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        traditional, forms = line.split("\t")
        simplified = forms.split(" ")[0]
        if traditional != simplified:
            found.append((traditional, simplified))
    return sorted(found)


def write_pairs() -> None:
    with PAIRS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("traditional", "simplified"))
        writer.writerows(opencc_pairs())


if __name__ == "__main__":
    write_pairs()
