"""Reads the packs the search index is built from: aliases (`packs/alias/*.tsv`) and lexicon (`packs/lexicon/`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.knowledge.packs import PACKS, Bilingual, Head, Model, read

ALIASES = PACKS / "alias"
LEXICON = PACKS / "lexicon"


class Role(Model):
    """What is done with a thing; see `packs/lexicon/roles.toml`."""

    words: list[str]
    divisions: list[str]
    near: dict[str, float]
    options: list[str]


class Roles(Model):
    pack: Head
    roles: dict[str, Role]


class Lists(Model):
    """Words apart by blanks; see `packs/lexicon/outside.toml`."""

    stop: str
    outside: str
    places: str
    whole: str
    title: str


class Outside(Model):
    pack: Head
    words: Lists


class GuideOption(Model):
    """One answer of a guided question."""

    code: str
    label: Bilingual


class Guide(Model):
    """A question for words that can mean many businesses; `words` are the queries that bring it up."""

    words: list[str]
    ask: Bilingual
    options: list[GuideOption]


class Guides(Model):
    """`packs/guides.toml`."""

    pack: Head
    guide: list[Guide]


class Keys(Protocol):
    """What `Lexicon.group_keys` needs of the builder's vocabulary."""

    def standard(self, text: str) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Lexicon:
    """`roles` word → roles, `synonyms` word → standard words, `groups` the fixed groups of words (regional or
    standard), `whole` words that are never stemmed.
    """

    table: dict[str, Role]
    roles: dict[str, tuple[str, ...]]
    synonyms: dict[str, tuple[str, ...]]
    groups: frozenset[str]
    stop: frozenset[str]
    outside: frozenset[str]
    whole: frozenset[str]
    title_stop: frozenset[str]
    places: frozenset[str]

    def group_keys(self, group: str, keys: Keys) -> tuple[str, ...]:
        """The keys of a fixed group of words: itself joined, and the standard words it stands for."""
        standard = [key for one in self.synonyms.get(group, ()) for key in keys.standard(one)]
        return tuple(dict.fromkeys([*standard, group.replace(" ", "_")]))


def table(path: Path) -> list[tuple[str, list[str]]]:
    """The rows `name<TAB>a|b|c` of a file; `#` starts a comment. Raises ValueError for a row without a tab."""
    found: list[tuple[str, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, tab, rest = line.partition("\t")
        if not tab:
            raise ValueError(f"{path.name}:{number}: no tab")
        found.append((name.strip(), [part.strip() for part in rest.split("|") if part.strip()]))
    return found


def aliases(codes: Container[str]) -> dict[str, list[str]]:
    """Code → the phrases people say, all packs together, without repeats.

    Raises ValueError for a code that is not in `codes`.
    """
    named: dict[str, dict[str, None]] = defaultdict(dict)
    for path in sorted(ALIASES.glob("*.tsv")):
        for code, texts in table(path):
            if code not in codes:
                raise ValueError(f"{path.name}: no such code {code}")
            named[code].update(dict.fromkeys(text.lower() for text in texts))
    return {code: list(texts) for code, texts in named.items()}


def read_lexicon() -> Lexicon:
    """The lexicon packs as one value. Raises ValueError or pydantic.ValidationError for a broken pack."""
    roles = read(LEXICON / "roles.toml", Roles).roles
    outside = read(LEXICON / "outside.toml", Outside).words
    by_word: dict[str, list[str]] = defaultdict(list)
    for name, role in roles.items():
        for word in role.words:
            by_word[word].append(name)
    synonyms: dict[str, list[str]] = defaultdict(list)
    groups: set[str] = set()
    for standard, others in table(LEXICON / "words.tsv"):
        if " " in standard:
            groups.add(standard)
        for other in others:
            synonyms[other].append(standard)
            if " " in other:
                groups.add(other)
    return Lexicon(
        table=roles,
        roles={word: tuple(names) for word, names in by_word.items()},
        synonyms={word: tuple(found) for word, found in synonyms.items()},
        groups=frozenset(groups),
        stop=frozenset(outside.stop.split()),
        outside=frozenset(outside.outside.split()),
        whole=frozenset(
            {"makanan", "minuman", "kiloan", "tambang", "perahu", "pesantren", "perak", "permen"}
        ),
        places=frozenset(
            " ".join(place.split()) for place in outside.places.replace("\n", "|").split("|") if place.strip()
        ),
        title_stop=frozenset(outside.title.split()),
    )
