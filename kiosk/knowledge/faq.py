"""Answers visitors' questions from the FAQ pack alone, quoted with source and date, or says it does not know.

Nothing here writes text: an answer is one the pack holds, word for word. A fact of grade K or past its review
date is never given. Which question was meant is found by the words it shares with the pack's questions (most)
and answers (less), rare words counting more, misspelled ones a little less.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from kiosk.knowledge import words
from kiosk.knowledge.packs import Bilingual, Head, Model, SourceRow, load
from kiosk.knowledge.texts import Lang, Source, Text

ASKED, TOPIC, ANSWERED, OTHER = 1.0, 0.7, 0.6, 0.4  # what a word is worth where: question … other language
UNREAD, UNREAD_BESIDE_TELLING = (
    0.75,
    0.3,
)  # what a word the pack does not know weighs, next to a rare known one
TELLING = 3.0  # a known word of this weight (about one question in twenty) shows that the pack is meant
SOFT = 0.35  # the same for words like "kapan" and "siapa", which choose between answers but make none
ENOUGH = 0.46  # share of the query's weight that must be met, or it is not known
WORTH_A_TILE = 0.2
SUGGESTIONS = 4

I_DO_NOT_KNOW = Text(
    "Saya belum tahu. Petugas dapat membantu; pertanyaan ini dicatat tanpa nama untuk dilengkapi kantor.",
    "I do not know this yet. An officer can help; the question is noted without your name for the office to answer.",
)
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
    `soft` those that choose between answers ("kapan", "siapa")."""

    pack: Head
    first: tuple[str, ...]
    topics: dict[str, Bilingual]
    questions: tuple[_Row, ...]
    words: dict[str, str]
    phrases: dict[str, str]
    chatter: str
    soft: str


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
    """What to show: "answer" with the pack's text and source, "stale" (the office must check it first) or "unknown".

    `text` is in both languages, so that the visitor may change the language while reading. `follow_ups` are further
    questions to offer as tiles; for "unknown" they are the nearest ones, as a way out. `score` (0–1) is how well the
    question was met.
    """

    kind: Literal["answer", "stale", "unknown"]
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
    near = [found for found, score in _index(lang).rank(typed) if score >= WORTH_A_TILE]
    return tuple(found for found in near if found.source.usable(today))[:limit]


def answer(question: str, lang: Lang, today: date) -> Answer:
    """The pack's answer to `question`; kind "unknown" rather than a guess. Keeps nothing of what was asked."""
    index = _index(lang)
    ranked = index.rank(question)
    near = tuple(found for found, _ in ranked if found.source.usable(today))
    if not ranked or ranked[0][1] < ENOUGH:
        score = ranked[0][1] if ranked else 0.0
        return Answer("unknown", I_DO_NOT_KNOW, None, near[:SUGGESTIONS], score)
    best, score = ranked[0]
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


class _Index:
    """The pack's words in one language: question → word → worth."""

    def __init__(self, lang: Lang) -> None:
        pack = load("faq", FaqPack)
        self.questions = questions()
        self.chatter = frozenset(pack.chatter.split())
        self.soft = frozenset(pack.soft.split())
        self.same = {word: name for name, group in pack.words.items() for word in (name, *group.split())}
        self.phrases = {f" {name} ": f" {word} " for name, word in pack.phrases.items()}
        self.known: Counter[str] = Counter()
        other: Lang = "id" if lang == "en" else "en"
        texts = [
            ((row.ask.get(lang), ASKED), (row.answer.get(lang), ANSWERED), (row.ask.get(other), OTHER))
            for row in self.questions
        ]
        for fields in texts:
            for text, _ in fields:
                self.known.update(words.plain(text))
        self.known.update(self.same.keys())
        self.worth: list[dict[str, float]] = []
        for row, fields in zip(pack.questions, texts, strict=True):
            found: dict[str, float] = {}
            for text, share in (*fields, (pack.topics[row.topic].get(lang), TOPIC), (row.words, ASKED)):
                for key in self.keys(text):
                    if share == ASKED or key not in self.soft:
                        found[key] = max(found.get(key, 0.0), share)
            self.worth.append(found)
        self.asked = [self.keys(fields[0][0]) for fields in texts]
        counts = Counter(key for found in self.worth for key in found)
        self.rare = math.log(1 + len(texts))
        self.weight = {key: self._weigh(key, len(texts) / many) for key, many in counts.items()}

    def keys(self, text: str) -> dict[str, float]:
        """The telling words of a text, each with how surely it was read (1 known, less when misspelled)."""
        found: dict[str, float] = {}
        line = f" {' '.join(words.plain(text))} "
        for phrase, word in self.phrases.items():
            line = line.replace(phrase, word)
        for word in line.split():
            if word in self.chatter:
                continue
            key, sure = self._read(word)
            if key not in self.chatter:
                found[key] = max(found.get(key, 0.0), sure)
        return found

    def _read(self, word: str) -> tuple[str, float]:
        if word in self.same:
            return self.same[word], 1.0
        stems = [stem for stem in words.stems(word) if (len(stem) > 2 or stem == word) and stem in self.known]
        root = min(stems, key=lambda stem: (len(stem), stem), default="")
        if root:
            return self.same.get(root, root), 1.0
        if len(word) > 4:
            heard = words.sound(word)
            near = [
                one
                for one in self.known
                if one[:1] == word[:1] and words.distance(heard, words.sound(one), 1) <= 1
            ]
            if near:
                best = min(
                    near, key=lambda one: (words.distance(heard, words.sound(one), 1), -self.known[one], one)
                )
                return self._read(best)[0], 0.8
        return word, 0.0

    def _weigh(self, key: str, rarity: float) -> float:
        return math.log(1 + rarity) * (SOFT if key in self.soft else 1.0)

    def rank(self, query: str) -> list[tuple[Question, float]]:
        """Questions with their scores (0–1), best first; scores of 0 left out."""
        asked = self.keys(query)
        telling = any(self.weight.get(key, 0.0) >= TELLING for key, sure in asked.items() if sure)
        unread = self.rare * (UNREAD_BESIDE_TELLING if telling else UNREAD)
        total = sum(self.weight.get(key, 0.0 if key in self.soft else unread) for key in asked)
        if not total:
            return []
        scored: list[tuple[float, int]] = []
        for at, worth in enumerate(self.worth):
            met = sum(self.weight[key] * share * asked[key] for key, share in worth.items() if key in asked)
            if not met:
                continue
            mine = self.asked[at]
            full = sum(self.weight[key] for key in mine) or 1.0
            back = sum(self.weight[key] for key in mine if asked.get(key)) / full
            scored.append((0.8 * met / total + 0.2 * back, at))
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(self.questions[at], round(score, 4)) for score, at in scored[:12]]


@cache
def _index(lang: Lang) -> _Index:
    return _Index(lang)
