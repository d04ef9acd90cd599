"""From an old code to the new one: guided questions where one code of KBLI 2020 has several successors.

The successors are those of the correspondence table and nothing else; the pack `packs/successors.toml` only says how to
ask, and by which everyday words many of them are grouped. An old code is never converted by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from kiosk.knowledge import kbli
from kiosk.knowledge.kbli import Guide, OldKbli, Option
from kiosk.knowledge.packs import Bilingual, Head, Model, load
from kiosk.knowledge.texts import Text

TILES = 10
"""More options than this are first asked about by their group."""


class _Words(Model):
    ask: Bilingual
    why: Bilingual
    rest: Bilingual


class _Ask(Model):
    prefix: str
    text: Bilingual


class _Group(Model):
    prefixes: tuple[str, ...]
    label: Bilingual


class SuccessorsPack(Model):
    """`packs/successors.toml`."""

    pack: Head
    words: _Words
    ask: tuple[_Ask, ...]
    group: tuple[_Group, ...]


@cache
def guide(code: str) -> Guide | None:
    """The question for a code of KBLI 2020 with more than one successor, else None.

    With more than `TILES` successors the options are groups where the pack has them.
    """
    before = kbli.old(code)
    if before is None or len(before.successors) < 2:
        return None
    pack = load("successors", SuccessorsPack)
    options = _leaves(before.successors)
    if len(before.successors) > TILES:
        options = _grouped(before, pack) or options
    words = pack.words.why.text().format(code=before.code, count=len(before.successors))
    return Guide(_question(before.successors, pack), options, words)


def _leaves(codes: Sequence[str]) -> tuple[Option, ...]:
    titles = {code: entry.title for code in codes if (entry := kbli.get(code)) is not None}
    start = _shared([title.split() for title in titles.values()])
    return tuple(
        Option(code, Text(words, words))
        for code, title in titles.items()
        for words in [_capital(" ".join(title.split()[start:]))]
    )


def _shared(titles: list[list[str]]) -> int:
    """How many words all titles begin with; every title keeps one at least. What they share tells nothing apart."""
    if len(titles) < 2:
        return 0
    same = len(list(takewhile(lambda column: len(set(column)) == 1, zip(*titles, strict=False))))
    return min(same, min(len(title) for title in titles) - 1)


def _grouped(before: OldKbli, pack: SuccessorsPack) -> tuple[Option, ...]:
    """Groups in the pack's order; () when too few codes have one."""
    members: dict[int, list[str]] = {}
    rest: list[str] = []
    for code in before.successors:
        fit = [
            (len(prefix), at)
            for at, group in enumerate(pack.group)
            for prefix in group.prefixes
            if code.startswith(prefix)
        ]
        if fit:
            members.setdefault(max(fit)[1], []).append(code)
        else:
            rest.append(code)
    if len(rest) > len(before.successors) // 2 or len(members) < 2:
        return ()
    options = [_group(pack.group[at].label.text(), codes) for at, codes in sorted(members.items())]
    if rest:
        options.append(_group(pack.words.rest.text(), rest))
    return tuple(options)


def _group(label: Text, codes: list[str]) -> Option:
    """A group of one is that code: nobody is asked a question with one answer."""
    return Option(codes[0], label) if len(codes) == 1 else Option("", label, _leaves(codes))


def _question(codes: tuple[str, ...], pack: SuccessorsPack) -> Text:
    fit = [row for row in pack.ask if all(code.startswith(row.prefix) for code in codes)]
    return max(fit, key=lambda row: len(row.prefix)).text.text() if fit else pack.words.ask.text()


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
