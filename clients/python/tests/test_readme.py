"""The README quotes what is tested."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from provost import Guard, Options

FOLDER = Path(__file__).parents[1]
README = (FOLDER / "README.md").read_text()
QUOTES = re.findall(r"<!-- code of (\S+) -->\n```python\n(.*?)```", README, re.DOTALL)


def test_the_readme_quotes_each_example_as_it_is_run() -> None:
    assert {name: text for name, text in QUOTES} == {f"clients/python/examples/{file.name}": file.read_text() for file in (FOLDER / "examples").glob("*.py")}


def test_the_readme_names_every_option() -> None:
    named = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in README.splitlines() if line.startswith("| `"))))
    assert {each.name for each in (*fields(Options), *fields(Guard))} - {"clock"} <= named
