"""Finds business codes for everyday words in `data/search.sqlite`. Standard library only; milliseconds a key.

A query becomes terms. What a term means is looked up from the surest to the vaguest way: the word itself, its
root, a spelling that sounds alike, two words written as one, the beginning of a word, consonants only, a
misspelling. Each way keeps less of the match. Aliases, titles and descriptions then speak for their codes;
what is done ("jual", "pabrik") pulls towards the divisions where it is found.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from kiosk.knowledge import verified, words
from kiosk.knowledge.database import DATA, open_readonly

UNKNOWN_WEIGHT = 4.5  # an unknown word counts like one of middling rarity, so that nonsense does not fit
TITLE, DESCRIPTION = 0.8, 0.4  # how much a title or a description says next to an alias
ENOUGH_WITH_ROLE = 0.3  # the same for a sentence that says what is done
RARE = 2  # a word used so often or less may be the beginning of another
SPREAD_FROM = 0.7  # other kinds of business come forward from this share of the best
ENOUGH = 0.5  # share of a query's weight that must be met for an answer
KEPT_BESIDE_BEST = 0.42  # answers below this share of the best are left out


@dataclass(slots=True)
class Term:
    """One word (or group) of a query: `keys` with how much of the match each keeps (0–1)."""

    text: str
    keys: dict[str, float]
    known: bool = True

    @property
    def role(self) -> bool:
        """True when it says what is done, not with what."""
        return bool(self.keys) and all(key.startswith("@") for key in self.keys)


@dataclass(frozen=True, slots=True)
class Found:
    """A code with its score and the words of the query that led to it."""

    code: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Role:
    divisions: frozenset[str]
    near: dict[str, float]
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posting:
    weight: float
    phrases: array[int]
    titles: array[int]
    descriptions: array[int]
    said: frozenset[int]  # the phrases again, and the codes behind all three, for quick look-up
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Guide:
    """A question in Indonesian and English, and its options: code, Indonesian label, English label."""

    ask_id: str
    ask_en: str
    options: tuple[tuple[str, str, str], ...]


class Finder:
    """The index, opened once. Not safe for two threads at the same instant; cheap enough to need none."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        blobs: dict[str, bytes] = dict(db.execute("SELECT name, value FROM blob"))
        self.phrase_code: array[int] = array("H", blobs["phrase_code"])
        self.phrase_weight = array("f", blobs["phrase_weight"])
        rows = db.execute("SELECT code, popular FROM code ORDER BY id").fetchall()
        self.codes = [str(row[0]) for row in rows]
        self.ids = {code: at for at, code in enumerate(self.codes)}
        self.popular = [float(row[1]) for row in rows]
        self.notes: dict[str, str] = dict(db.execute("SELECT word, kind FROM note"))
        self.groups: dict[str, tuple[str, ...]] = {
            text: tuple(keys.split()) for text, keys in db.execute("SELECT text, keys FROM multi")
        }
        self.roles = {
            f"@{name}": Role(
                frozenset(divisions.split()),
                {
                    f"@{other}": float(kept)
                    for other, _, kept in (pair.partition(":") for pair in near.split())
                },
                tuple(options.split()),
            )
            for name, divisions, near, options in db.execute("SELECT * FROM role")
        }
        self.posting = lru_cache(maxsize=2048)(self._posting)
        self.meaning = lru_cache(maxsize=256)(self._meaning)

    # -- words -------------------------------------------------------------------------------------------------

    def terms(self, tokens: list[str]) -> list[Term]:
        """The query's words as terms, stop words left out."""
        found: list[Term] = []
        at = 0
        while at < len(tokens):
            for size in (3, 2):
                group = " ".join(tokens[at : at + size])
                if self.notes.get(group) == "place":
                    at += size
                    break
                if at + size <= len(tokens) and group in self.groups:
                    found.append(Term(group, dict.fromkeys(self.groups[group], 1.0)))
                    at += size
                    break
            else:
                if tokens[at] not in self.notes:
                    found.extend(self.meaning(tokens[at], at == len(tokens) - 1))
                at += 1
        return found

    def _keys(self, word: str) -> dict[str, float] | None:
        row = self.db.execute("SELECT keys FROM word WHERE word = ?", (word,)).fetchone()
        if row is None:
            return None
        first, *others = str(row[0]).split()
        return {first: 1.0} | {key: 0.93 if not key.startswith("@") else 1.0 for key in others}

    def _meaning(self, word: str, last: bool) -> tuple[Term, ...]:
        """One word as terms, by the surest way that leads anywhere; several terms for joined words."""
        if (known := self._keys(word)) is not None:
            if last and len(word) >= 3 and self._rare(word):
                # Perhaps only the beginning of a more usual word: "rambu" of "rambut".
                known = {key: 0.7 * kept for key, kept in self._begun(word).items()} | known
            return (Term(word, known),)
        if word.isdigit() or len(word) < 2:
            return (Term(word, {}, known=False),)
        if len(word) >= 5 and (rooted := self._first(words.stems(word)[1:], 0.92)):
            return (Term(word, rooted),)
        if self._described(word):
            return (Term(word, {word: 1.0}),)
        heard = words.sound(word)
        alike = (
            self._merged((one, 0.95) for one in self._rows("sound = ?", heard)[:3]) if len(heard) > 2 else {}
        )
        close = self._close(heard) if not words.VOWELS.isdisjoint(word) else {}
        parts = self._split(word) if not alike else None
        if parts and (
            not close or len(min((part for part, _ in parts), key=len)) > 3 or self._has_role(parts)
        ):
            return tuple(Term(part, keys) for part, keys in parts)
        begun = self._begun(word) if last and len(word) >= 3 else {}
        bare = words.skeleton(word)
        short = (
            self._merged((one, 0.6) for one in self._rows("skeleton = ?", bare)[:3])
            if len(bare) > 1 and len(heard) - len(bare) <= 1
            else {}
        )
        keys: dict[str, float] = {}
        for many in (alike, begun, close, short):
            for key, kept in many.items():
                keys[key] = max(keys.get(key, 0.0), kept)
        if keys:
            return (Term(word, keys),)
        if parts := self._split(word, loose=True):
            return tuple(Term(part, keys) for part, keys in parts)
        return (Term(word, {}, known=False),)

    @staticmethod
    def _has_role(parts: list[tuple[str, dict[str, float]]]) -> bool:
        return any(key.startswith("@") for _, keys in parts for key in keys)

    def _rare(self, word: str) -> bool:
        row = self.db.execute("SELECT uses FROM word WHERE word = ?", (word,)).fetchone()
        return row is not None and int(row[0]) <= RARE

    def _described(self, word: str) -> bool:
        return self.posting(word) is not None

    def _rows(self, where: str, value: str) -> list[str]:
        """Spelled words that fit, most used first. `where` is one of the constants above, never input."""
        sql = f"SELECT word FROM word WHERE {where} ORDER BY uses DESC, word LIMIT 6"  # noqa: S608
        return [row[0] for row in self.db.execute(sql, (value,))]

    def _first(self, stems: Iterable[str], kept: float) -> dict[str, float]:
        for stem in stems:
            if len(stem) >= 4 and (keys := self._keys(stem)):
                return {key: kept * share for key, share in keys.items()}
        return {}

    def _merged(self, found: Iterable[tuple[str, float]]) -> dict[str, float]:
        keys: dict[str, float] = {}
        for word, kept in found:
            for key, share in (self._keys(word) or {}).items():
                keys[key] = max(keys.get(key, 0.0), kept * share)
        return keys

    def _begun(self, word: str) -> dict[str, float]:
        """Words that begin so: the visitor is still typing."""
        rows = self.db.execute(
            "SELECT word FROM word WHERE word >= ? AND word < ? AND uses > 0 ORDER BY uses DESC, word LIMIT 6",
            (word, word + "{"),
        )
        return self._merged((row[0], 0.85) for row in rows)

    def _close(self, heard: str) -> dict[str, float]:
        """Words one edit away (two from seven letters on), by shared trigrams."""
        if len(heard) < 4:
            return {}
        limit = 2 if len(heard) >= 7 else 1
        shared: dict[int, int] = {}
        marks = ",".join("?" * len(grams := sorted(words.grams(heard))))
        for (blob,) in self.db.execute(f"SELECT ids FROM gram WHERE gram IN ({marks})", grams):  # noqa: S608
            for at in array("H", blob):
                shared[at] = shared.get(at, 0) + 1
        need = max(1, len(grams) - 3 * limit)
        best = sorted((at for at, many in shared.items() if many >= need), key=lambda at: -shared[at])[:60]
        found: list[tuple[int, int, str]] = []
        marks = ",".join("?" * len(best))
        rows = self.db.execute(f"SELECT word, uses, sound FROM word WHERE id IN ({marks})", best)  # noqa: S608
        for word, uses, other in rows:
            if other[0] == heard[0] and (edits := words.distance(heard, other, limit)) <= limit:
                found.append((edits, -uses, word))
        found.sort()
        if not found:
            return {}
        nearest = found[0][0]
        return self._merged((word, 0.9 - 0.12 * edits) for edits, _, word in found[:3] if edits == nearest)

    def _split(self, word: str, loose: bool = False) -> list[tuple[str, dict[str, float]]] | None:
        """Two words written as one, both known; `loose` lets the second be misspelled."""
        if len(word) < 6:
            return None
        best: tuple[float, list[tuple[str, dict[str, float]]]] | None = None
        for cut in range(3, len(word) - 2):
            first, second = self._keys(word[:cut]), self._keys(word[cut:])
            if loose and first and not second and len(word) - cut >= 4:
                second = self._close(words.sound(word[cut:])) or None
            elif loose and second and not first and cut >= 4:
                first = self._close(words.sound(word[:cut])) or None
            if first and second:
                value = max(first.values()) + max(second.values()) + 0.01 * min(cut, len(word) - cut)
                if any(key.startswith("@") for key in (*first, *second)):
                    value += 0.1
                if best is None or value > best[0]:
                    best = value, [(word[:cut], first), (word[cut:], second)]
        return best[1] if best else None

    # -- codes -------------------------------------------------------------------------------------------------

    def _posting(self, key: str) -> Posting | None:
        row = self.db.execute(
            "SELECT weight, phrases, titles, descriptions FROM post WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        phrases, titles, descriptions = (array("H", blob) for blob in row[1:])
        codes = frozenset({*(self.phrase_code[at] for at in phrases), *titles, *descriptions})
        return Posting(row[0], phrases, titles, descriptions, frozenset(phrases), codes)

    def weight(self, term: Term) -> float:
        """What a term weighs in its query: that of its surest key."""
        if not term.known:
            return 1.0 if term.text.isdigit() else UNKNOWN_WEIGHT
        surest = max(term.keys.values())
        return max(
            (
                posting.weight
                for key, kept in term.keys.items()
                if kept == surest and (posting := self.posting(key))
            ),
            default=UNKNOWN_WEIGHT,
        )

    def find(self, text: str, limit: int) -> list[Found]:
        """The best codes for `text`, best first; [] when it does not seem to be about a business."""
        tokens = words.plain(text)
        if all(token.isdigit() or len(token) < 2 for token in tokens):
            return []
        outside = any(self.notes.get(token) == "outside" for token in tokens)
        if (guided := self.guide(tokens)) is not None:
            codes = [self.ids[code] for code, _, _ in guided.options]
            return [Found(self.codes[code], 0.5, tuple(tokens)) for code in codes[:limit]]
        terms = self.terms(tokens)
        exact = self._exact({" ".join(tokens), " ".join(term.text for term in terms)})
        things = [term for term in terms if not term.role]
        roles = [term for term in terms if term.role]
        if not any(term.known for term in things):
            if (things or outside) and not exact:
                return []
            return self._bare(roles, limit, exact)
        scores, total, met, whole = self._things(things, roles)
        for code in exact:
            scores[code] = scores.get(code, 0.0) + 0.25
        ranked = sorted(scores, key=lambda code: (-scores[code], self.codes[code]))
        unsure = not roles and max(max(term.keys.values(), default=0.0) for term in things) < 0.7
        need = ENOUGH if len(things) < 3 or not roles else ENOUGH_WITH_ROLE
        ranked = [code for code in ranked if code in exact or met.get(code, 0.0) >= need * total]
        if outside and not exact:
            ranked = [code for code in ranked if len(terms) > 1 and whole.get(code, 0.0) >= 0.9]
        if not ranked or (unsure and (len(things) < 2 or whole.get(ranked[0], 0.0) < 0.55)):
            return []
        ranked = [code for code in ranked if scores[code] >= KEPT_BESIDE_BEST * scores[ranked[0]]]
        if len(things) == 1 and not roles:
            ranked = self._spread(ranked, scores)
        return [self._found(code, scores[code], terms) for code in ranked[:limit]]

    def guide(self, tokens: list[str]) -> Guide | None:
        """The guided question for a query that is nothing but a word of many meanings, else None."""
        if any(self.notes.get(token) == "outside" for token in tokens):
            return None
        telling = [token for token in tokens if token not in self.notes]
        for text in dict.fromkeys((" ".join(tokens), " ".join(telling))):
            row = self.db.execute(
                "SELECT id, ask_id, ask_en FROM guide_word JOIN guide ON guide = id WHERE word = ?", (text,)
            ).fetchone()
            if row is not None:
                options = self.db.execute(
                    "SELECT code, label_id, label_en FROM guide_option WHERE guide = ? ORDER BY place",
                    (row[0],),
                ).fetchall()
                return Guide(row[1], row[2], tuple((code, own, english) for code, own, english in options))
        return None

    def _exact(self, texts: set[str]) -> set[int]:
        """The codes that have one of these very phrases as an alias."""
        found: set[int] = set()
        for text in texts:
            rows = self.db.execute("SELECT id FROM phrase WHERE text = ?", (text,))
            found.update(self.phrase_code[int(row[0])] for row in rows)
        return found

    def _things(
        self, things: list[Term], roles: list[Term]
    ) -> tuple[dict[int, float], float, dict[int, float], dict[int, float]]:
        """Code → score; the weight of all things asked for; code → the weight met by alias, title or description;
        code → how well one alias says the whole query (0–1).
        """
        weights = [self.weight(term) for term in things]
        total = sum(weights)
        asked = total + sum(self.weight(term) for term in roles)
        hits: dict[int, float] = {}
        bag: dict[int, float] = {}
        met: dict[int, float] = {}
        for term, weight in zip(things, weights, strict=True):
            phrases: dict[int, float] = {}
            fields: dict[int, float] = {}
            for key, kept in term.keys.items():
                if (posting := self.posting(key)) is None:
                    continue
                for at in posting.phrases:
                    if phrases.get(at, 0.0) < kept:
                        phrases[at] = kept
                for many, share in ((posting.titles, TITLE), (posting.descriptions, DESCRIPTION)):
                    for code in many:
                        if fields.get(code, 0.0) < kept * share:
                            fields[code] = kept * share
            for at, kept in phrases.items():
                hits[at] = hits.get(at, 0.0) + weight * kept
                code = self.phrase_code[at]
                if fields.get(code, 0.0) < kept:
                    fields[code] = kept
            for code, kept in fields.items():
                bag[code] = bag.get(code, 0.0) + weight * kept
                met[code] = met.get(code, 0.0) + weight * (1.0 if kept >= 0.3 else kept)
        played = self._played(roles, hits)
        best: dict[int, float] = {}
        for at, weight in hits.items():
            weight += played.get(at, 0.0)
            share = min(1.0, weight / asked)
            value = share * (0.6 + 0.4 * min(1.0, weight / self.phrase_weight[at]))
            code = self.phrase_code[at]
            if best.get(code, 0.0) < value:
                best[code] = value
        pulls = {code: self._pull(self.codes[code][:2], roles) for code in bag}
        scores = {
            code: 0.65 * best.get(code, 0.0) + 0.25 * value / total + pulls[code] + 0.06 * self.popular[code]
            for code, value in bag.items()
        }
        return scores, total, met, best

    def _played(self, roles: list[Term], hits: dict[int, float]) -> dict[int, float]:
        """Phrase → weight of the roles it shares with the query, among the phrases already hit."""
        played: dict[int, float] = {}
        for term in roles:
            keys = dict(term.keys)
            for role in term.keys:
                for other, kept in self.roles[role].near.items():
                    keys[other] = max(keys.get(other, 0.0), kept)
            mine: dict[int, float] = {}
            for key, kept in keys.items():
                if posting := self.posting(key):
                    for at in posting.said & hits.keys():
                        if mine.get(at, 0.0) < kept:
                            mine[at] = kept
            weight = self.weight(term)
            for at, kept in mine.items():
                played[at] = played.get(at, 0.0) + weight * kept
        return played

    def _pull(self, division: str, roles: list[Term]) -> float:
        """How far what is done pulls towards a division: up to 0.12, or a little away from it."""
        best = -0.04 if roles else 0.0
        for term in roles:
            for key in term.keys:
                role = self.roles[key]
                if division in role.divisions:
                    return 0.12
                if any(division in self.roles[other].divisions for other in role.near):
                    best = 0.03
        return best

    def _bare(self, roles: list[Term], limit: int, exact: set[int]) -> list[Found]:
        """Answers to a bare "jual" or "sewa": codes of that very name, then the usual businesses of that kind."""
        told = [key for term in roles for key in term.keys]
        if len(set(told)) > 1:
            told = [key for key in told if key != "@jasa"]
        options = [self.ids[code] for key in told for code in self.roles[key].options if code in self.ids]
        first = sorted(exact, key=lambda code: (-self.popular[code], self.codes[code]))
        return [self._found(code, 0.5, roles) for code in dict.fromkeys([*first, *options])][:limit]

    def _spread(self, ranked: list[int], scores: dict[int, float]) -> list[int]:
        """For one bare thing ("kayu"), the best of each kind of business before the second of any."""
        best = scores[ranked[0]]
        seen: set[str] = set()
        first: list[int] = []
        rest: list[int] = []
        for code in ranked:
            division = self.codes[code][:2]
            fit = division not in seen and len(first) < 6 and scores[code] >= SPREAD_FROM * best
            (first if fit else rest).append(code)
            seen.add(division)
        return [*first, *rest]

    def _found(self, code: int, score: float, terms: list[Term]) -> Found:
        told = [
            term.text
            for term in terms
            if any((posting := self.posting(key)) and code in posting.codes for key in term.keys)
        ]
        return Found(self.codes[code], round(score, 4), tuple(dict.fromkeys(told)))


@cache
def finder() -> Finder:
    """The packaged index, opened once a process. Raises sqlite3.OperationalError when it is missing."""
    return Finder(open_readonly(verified.place("search.sqlite") or DATA / "search.sqlite"))
