"""Answers visitors' questions from the FAQ pack alone, quoted with source and date, or says it does not know.

Nothing here writes text: an answer is one the pack holds, word for word. A fact of grade K or past its review
date is never given. Which question was meant is found by `kiosk.knowledge.faq_index`; when two are as near as each
other the visitor is asked, and nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from kiosk.knowledge.faq_index import Index, Known, Vocabulary
from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.texts import Lang, Source, Text

ENOUGH = 0.5
"""Score from which a question counts as met; under it the kiosk says that it does not know."""
WORTH_A_TILE = 0.28
"""Score from which a question is worth showing to somebody who may have meant it."""
CLEAR = 0.03
"""By how much the nearest question must be nearer than the next; else the visitor is asked which was meant."""
SUGGESTIONS = 4

I_DO_NOT_KNOW = Text(
    "Saya belum tahu. Petugas dapat membantu; pertanyaan ini dicatat tanpa nama untuk dilengkapi kantor.",
    "I do not know this yet. An officer can help; the question is noted without your name for the office to answer.",
)
WHICH = Text("Maksud Anda yang mana?", "Which of these do you mean?")
OUTDATED = Text(
    "Jawaban untuk ini perlu diperiksa kantor dulu, jadi belum saya bacakan. Silakan tanya petugas.",
    "The answer to this must be checked by the office first, so I do not give it. Please ask an officer.",
)


class _Row(Model):
    id: str
    topic: str
    ask: Bilingual
    answer: Bilingual
    source: SourceRow
    words: str = ""


class FaqPack(Model):
    """`packs/faq.toml`. `first` are the questions offered before anything is typed. `words` holds groups of words
    visitors use for one another, `chatter` those that ask nothing, `phrases` groups of words that mean one of them,
    `soft` those that choose between answers ("kapan", "siapa"), `subjects` those that say what a question is about."""

    pack: Head
    first: tuple[str, ...]
    topics: dict[str, Bilingual]
    questions: tuple[_Row, ...]
    words: dict[str, str]
    phrases: dict[str, str]
    chatter: str
    soft: str
    subjects: str


class WaysPack(Model):
    """`packs/faq_ways.toml`: further ways to ask a question, apart by " | ", for finding it; never shown."""

    pack: Head
    ways: dict[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Question:
    """One question the kiosk can answer, with its answer in both languages and where that comes from."""

    id: str
    topic: Text
    ask: Text
    answer: Text
    source: Source


@dataclass(frozen=True, slots=True)
class Answer:
    """What to show: "answer" with the pack's text and source, "stale" (the office must check it first), "which" (two
    known questions are as near as each other: ask, do not guess) or "unknown".

    `text` is in both languages, so that the visitor may change the language while reading. `follow_ups` are further
    questions to offer as tiles; for "unknown" they are the nearest ones, as a way out. `score` (0–1) is how well the
    question was met.
    """

    kind: Literal["answer", "stale", "which", "unknown"]
    text: Text
    question: Question | None
    follow_ups: tuple[Question, ...]
    score: float


@cache
def questions() -> tuple[Question, ...]:
    """Every question of the pack, stale ones included, in pack order."""
    pack = load("faq", FaqPack)
    return tuple(
        Question(
            row.id,
            pack.topics[row.topic].text(),
            row.ask.text(),
            row.answer.text(),
            row.source.resolve(pack.pack),
        )
        for row in pack.questions
    )


def usable(today: date) -> tuple[Question, ...]:
    """The questions that may be answered on `today`."""
    return tuple(question for question in questions() if question.source.usable(today))


def vocabulary() -> frozenset[str]:
    """The words visitors use, as far as the pack lists them beside its texts."""
    pack = load("faq", FaqPack)
    groups = [*pack.words, *pack.words.values(), *pack.phrases, pack.chatter, pack.soft]
    return frozenset(word for group in groups for word in group.split())


def starters(today: date) -> tuple[Question, ...]:
    """Questions to offer before anything is typed, in the pack's order; stale ones are left out."""
    by_id = {question.id: question for question in usable(today)}
    return tuple(by_id[name] for name in load("faq", FaqPack).first if name in by_id)


def named(name: str, today: date) -> Answer | None:
    """The answer to a question chosen by its id; None for an id the pack does not have."""
    found = next((question for question in questions() if question.id == name), None)
    if found is None:
        return None
    return _told(found, (), 1.0, today)


def suggest(typed: str, lang: Lang, today: date, limit: int = 6) -> tuple[Question, ...]:
    """The usable questions nearest to what is typed so far, best first; for tiles while somebody types."""
    near = [found for found, score in _rank(typed, lang) if score >= WORTH_A_TILE]
    return tuple(found for found in near if found.source.usable(today))[:limit]


def answer(question: str, lang: Lang, today: date) -> Answer:
    """The pack's answer to `question`; kind "unknown" rather than a guess. Keeps nothing of what was asked."""
    ranked = _rank(question, lang)
    near = tuple(found for found, _ in ranked if found.source.usable(today))
    if not ranked or ranked[0][1] < ENOUGH:
        score = ranked[0][1] if ranked else 0.0
        worth = [found for found, value in ranked if value >= WORTH_A_TILE and found in near]
        return Answer("unknown", I_DO_NOT_KNOW, None, tuple(worth[:SUGGESTIONS]), score)
    best, score = ranked[0]
    rival = next((other for other, _ in ranked[1:2] if score - ranked[1][1] < CLEAR), None)
    if rival is not None:
        return Answer("which", WHICH, None, near[:SUGGESTIONS], score)
    return _told(best, near, score, today)


def _told(best: Question, near: tuple[Question, ...], score: float, today: date) -> Answer:
    follow = _follow_ups(best, near, today)
    if not best.source.usable(today):
        return Answer("stale", OUTDATED, best, follow, score)
    return Answer("answer", best.answer, best, follow, score)


def _follow_ups(best: Question, near: tuple[Question, ...], today: date) -> tuple[Question, ...]:
    """Questions to offer next: near ones of the same topic, then its neighbours in the pack."""
    mates = [one for one in usable(today) if one.topic == best.topic]
    first = [one for one in near if one.topic == best.topic]
    return tuple(one for one in dict.fromkeys([*first, *mates]) if one != best)[:SUGGESTIONS]


def warm() -> None:
    """Make the index of both languages ahead of the first key: a third of a second, better spent while nobody waits."""
    _index("id")
    _index("en")


@cache
def _index(lang: Lang) -> Index:
    pack = load("faq", FaqPack)
    ways = load("faq_ways", WaysPack).ways
    other: Lang = "id" if lang == "en" else "en"
    same = {word: name for name, group in pack.words.items() for word in (name, *group.split())}
    soft = frozenset(pack.soft.split())
    known = [
        Known(
            ways=(row.ask.get(lang), *_apart(ways.get(row.id), lang)),
            words=row.words,
            topic=pack.topics[row.topic].get(lang),
            answer=row.answer.get(lang),
            other=(row.ask.get(other), *_apart(ways.get(row.id), other)),
        )
        for row in pack.questions
    ]
    chatter = frozenset(pack.chatter.split()) - same.keys() - soft
    phrases = {f" {name} ": f" {word} " for name, word in pack.phrases.items()}
    return Index(known, Vocabulary(same, phrases, chatter, soft, frozenset(pack.subjects.split())))


def _apart(ways: Bilingual | None, lang: Lang) -> list[str]:
    return ways.get(lang).split(" | ") if ways is not None else []


def _rank(typed: str, lang: Lang) -> list[tuple[Question, float]]:
    known = questions()
    return [(known[at], score) for at, score in _index(lang).rank(typed)]
