"""Which known question was meant: by words of weight, and by the shape of what was written.

Two signals, added. *Words*: stemmed, spelled alike, brought together with those that mean the same; rare ones count
more; a question is as near as its nearest way of being asked. *Shape*: the letters in threes and fours of the whole
line, against each way of asking (cosine), which sees phrases, endings and misspellings that word lists do not have.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kiosk.knowledge import words

ELSEWHERE, TOPIC, ANSWERED, OTHER = 0.75, 0.5, 0.41, 0.4
"""What a word is worth when it stands in another way of asking than the nearest one, in the topic, the answer, or the
other language."""
SAID = 0.6
"""How much explaining what was said counts against being said itself."""
UNREAD, UNREAD_BESIDE_TELLING = 0.8, 0.3
"""What a word the pack does not know weighs, next to a rare known one; less beside one that shows the pack is meant."""
TELLING = 3.0
"""Weight from which a known word shows that the pack is meant: one that few questions have."""
SOFT = 0.5
"""The same for words like "kapan" and "siapa", which choose between answers but make none."""
OFF_SUBJECT = 0.45
"""What a question loses that does not speak of the subject that was named, whatever else it shares."""
SHAPE = 0.6
"""How much the shape counts beside the words."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question as the index sees it, in one language: ways to ask it, further words, topic, answer, and the ways of
    the other language."""

    ways: tuple[str, ...]
    words: str
    topic: str
    answer: str
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words brought together: `same` word → its group's name, `phrases` several words → one, `chatter` words that ask
    nothing, `soft` those that only choose between answers, `subjects` those that say what it is about."""

    same: Mapping[str, str]
    phrases: Mapping[str, str]
    chatter: frozenset[str]
    soft: frozenset[str]
    subjects: frozenset[str]


class Index:
    """Made once a process and language, from about two hundred questions, in a tenth of a second."""

    def __init__(self, questions: Sequence[Known], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._spelled: Counter[str] = Counter(vocabulary.same.keys())
        for one in questions:
            for text in (*one.ways, one.answer, *one.other[:1]):
                self._spelled.update(words.plain(text))
        self._ways = [tuple(self.keys(text) for text in one.ways) for one in questions]
        self._worth = [self._worth_of(one) for one in questions]
        counts = Counter(key for ways in self._ways for key in {key for way in ways for key in way})
        counts.update(key for worth in self._worth for key in worth if key not in counts)
        self._rare = math.log(1 + len(questions))
        self._weight = {key: self._weigh(key, len(questions) / many) for key, many in counts.items()}
        self._full = [
            tuple(sum(self._weight[key] for key in way) or 1.0 for way in ways) for ways in self._ways
        ]
        self._shape = _Shape([(at, text) for at, one in enumerate(questions) for text in one.ways])

    def rank(self, query: str, limit: int = 12) -> list[tuple[int, float]]:
        """(number of the question, score 0–1), best first. Empty when no word of the query is known."""
        asked = self.keys(query)
        told = any(self._weight.get(key, 0.0) >= TELLING for key, sure in asked.items() if sure)
        unread = self._rare * (UNREAD_BESIDE_TELLING if told else UNREAD)
        soft = self._vocabulary.soft
        total = sum(self._weight.get(key, 0.0 if key in soft else unread) for key in asked)
        if not total:
            return []
        shapes = self._shape.near(query)
        named = asked.keys() & self._vocabulary.subjects
        scored = [
            ((near + SHAPE * shapes.get(at, 0.0)) / (1 + SHAPE) * self._about(at, named), at)
            for at in range(len(self._ways))
            if (near := self._near(at, asked, total))
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(at, round(score, 4)) for score, at in scored[:limit]]

    def _near(self, at: int, asked: Mapping[str, float], total: float) -> float:
        """How near a question is by words: how much of what was said it explains, how much of itself was said."""
        worth = self._worth[at]
        shared = [(key, self._weight[key] * asked[key]) for key in asked if key in worth]
        best = 0.0
        for way, full in zip(self._ways[at], self._full[at], strict=True) if shared else ():
            met = sum(weight * (1.0 if key in way else worth[key]) for key, weight in shared)
            back = sum(weight for key, weight in shared if key in way) / full
            best = max(best, SAID * met / total + (1 - SAID) * back)
        return best

    def _about(self, at: int, named: AbstractSet[str]) -> float:
        """1 for a question about all the subjects that were named; less for one that is silent on some."""
        if not named:
            return 1.0
        worth = self._worth[at]
        return 1.0 - OFF_SUBJECT * sum(key not in worth for key in named) / len(named)

    def _worth_of(self, one: Known) -> dict[str, float]:
        found: dict[str, float] = {}
        fields = (
            *((text, ELSEWHERE) for text in (*one.ways, one.words)),
            (one.topic, TOPIC),
            (one.answer, ANSWERED),
            *((text, OTHER) for text in one.other),
        )
        for text, share in fields:
            for key in self.keys(text, guess=share > OTHER):
                found[key] = max(found.get(key, 0.0), share)
        return found

    def keys(self, text: str, *, guess: bool = True) -> dict[str, float]:
        """The telling words of a text, each with how surely it was read (1 known, less when misspelled, 0 unknown).
        Without `guess` nothing is taken for misspelled: what the pack itself says is spelled as it is."""
        vocabulary = self._vocabulary
        found: dict[str, float] = {}
        line = f" {' '.join(words.plain(text))} "
        for phrase, word in vocabulary.phrases.items():
            line = line.replace(phrase, word)
        for word in line.split():
            if word in vocabulary.chatter or (len(word) == 1 and word.isalpha()):
                continue
            key, sure = self._read(word, guess=guess)
            if key not in vocabulary.chatter:
                found[key] = max(found.get(key, 0.0), sure)
        return found

    def _read(self, word: str, *, guess: bool) -> tuple[str, float]:
        same = self._vocabulary.same
        if word in same:
            return same[word], 1.0
        stems = [
            stem for stem in words.stems(word) if (len(stem) > 2 or stem == word) and stem in self._spelled
        ]
        root = min(stems, key=lambda stem: (len(stem), stem), default="")
        if root:
            return same.get(root, root), 1.0
        if guess and len(word) > 4:
            heard = words.sound(word)
            near = [
                (away, -count, one)
                for one, count in self._spelled.items()
                if one[:1] == word[:1] and (away := words.distance(heard, words.sound(one), 1)) <= 1
            ]
            if near:
                return self._read(min(near)[2], guess=False)[0], 0.8
        return word, 0.0

    def _weigh(self, key: str, rarity: float) -> float:
        return math.log(1 + rarity) * (SOFT if key in self._vocabulary.soft else 1.0)


class _Shape:
    """Cosine of letter groups, by posting lists."""

    def __init__(self, texts: Sequence[tuple[int, str]]) -> None:
        counted = [(at, _grams(text)) for at, text in texts]
        spread = Counter(gram for _, grams in counted for gram in grams)
        self._most = math.log(1 + len(texts))
        self._idf = {gram: math.log(1 + len(texts) / many) for gram, many in spread.items()}
        self._posting: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._owner: list[int] = []
        for number, (at, grams) in enumerate(counted):
            self._owner.append(at)
            values = {gram: self._value(gram, many) for gram, many in grams.items()}
            norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
            for gram, value in values.items():
                self._posting[gram].append((number, value / norm))

    def _value(self, gram: str, many: int) -> float:
        return self._idf.get(gram, self._most) * (1 + math.log(many))

    def near(self, query: str) -> dict[int, float]:
        """Number of the question → the cosine (0–1) of its nearest way."""
        values = {gram: self._value(gram, many) for gram, many in _grams(query).items()}
        norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
        sums: dict[int, float] = defaultdict(float)
        for gram, value in values.items():
            for number, other in self._posting.get(gram, ()):
                sums[number] += value * other
        best: dict[int, float] = {}
        for number, value in sums.items():
            at = self._owner[number]
            best[at] = max(best.get(at, 0.0), value / norm)
        return best


def _grams(text: str) -> Counter[str]:
    line = f" {' '.join(words.plain(text))} "
    return Counter(line[at : at + size] for size in (3, 4) for at in range(len(line) - size + 1))
