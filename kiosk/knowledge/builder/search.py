"""Builds `data/search.sqlite`, the index behind "Cari bidang usaha", from the alias and lexicon packs and
`data/kbli.sqlite`.

    python -m kiosk.knowledge.builder.search [--out FILE]

Three things can name a code: an alias (a phrase people say), its official title, its description. Every word
of them becomes one or more keys: its root, the standard word behind a regional or English one, or the role it
plays ("@jual"). The result depends only on the inputs, so a rebuild can be compared byte for byte.
"""

from __future__ import annotations

import argparse
import math
import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Container
from pathlib import Path

from kiosk.knowledge import words
from kiosk.knowledge.builder.lexicon import ALIASES, LEXICON, Guides, Lexicon, aliases, read_lexicon
from kiosk.knowledge.builder.tables import digest
from kiosk.knowledge.database import DATA, knowledge
from kiosk.knowledge.packs import PACKS, read

SCHEMA = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE blob(name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE code(id INTEGER PRIMARY KEY, code TEXT NOT NULL, popular REAL NOT NULL);
CREATE TABLE phrase(id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE INDEX phrase_text ON phrase(text);
CREATE TABLE word(id INTEGER PRIMARY KEY, word TEXT UNIQUE NOT NULL, keys TEXT NOT NULL, uses INTEGER NOT NULL,
  sound TEXT NOT NULL, skeleton TEXT NOT NULL);
CREATE INDEX word_sound ON word(sound);
CREATE INDEX word_skeleton ON word(skeleton);
CREATE TABLE multi(text TEXT PRIMARY KEY, keys TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE note(word TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE role(role TEXT PRIMARY KEY, divisions TEXT NOT NULL, near TEXT NOT NULL, options TEXT NOT NULL)
  WITHOUT ROWID;
CREATE TABLE guide(id INTEGER PRIMARY KEY, ask_id TEXT NOT NULL, ask_en TEXT NOT NULL);
CREATE TABLE guide_word(word TEXT PRIMARY KEY, guide INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE guide_option(guide INTEGER NOT NULL, place INTEGER NOT NULL, code TEXT NOT NULL, label_id TEXT NOT NULL,
  label_en TEXT NOT NULL, PRIMARY KEY(guide, place)) WITHOUT ROWID;
CREATE TABLE gram(gram TEXT PRIMARY KEY, ids BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE post(key TEXT PRIMARY KEY, weight REAL NOT NULL, phrases BLOB NOT NULL, titles BLOB NOT NULL,
  descriptions BLOB NOT NULL) WITHOUT ROWID;
"""

ROLE_WEIGHT = 1.1  # what is done counts less than what it is done to: a rare word weighs 7, a common one 2.5
NUMBER_WEIGHT = 1.0


class Vocabulary:
    """Every word met, how often, and the keys it leads to (first its own root, then standard words and roles)."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.uses: Counter[str] = Counter()

    def root(self, word: str) -> str:
        """The shortest known word it is built on (≥ 4 letters), else itself. Words the lexicon keeps stay whole."""
        if word in self.lexicon.whole or word in self.lexicon.synonyms:
            return word
        known = [stem for stem in words.stems(word) if len(stem) >= 4 and stem in self.uses]
        return min(known, key=lambda stem: (len(stem), stem), default=word)

    def keys(self, word: str) -> tuple[str, ...]:
        """The keys of one word: roles alone when it is a role word, else root and standard words."""
        if word in self.lexicon.roles:
            return tuple(f"@{role}" for role in self.lexicon.roles[word])
        root = self.root(word)
        standard = [*self.lexicon.synonyms.get(word, ()), *self.lexicon.synonyms.get(root, ())]
        return tuple(dict.fromkeys([root, *(key for one in standard for key in self.standard(one))]))

    def standard(self, text: str) -> tuple[str, ...]:
        """The keys of a standard word; several words make one key."""
        if " " in text:
            return (text.replace(" ", "_"),)
        return (
            tuple(f"@{role}" for role in self.lexicon.roles[text])
            if text in self.lexicon.roles
            else (self.root(text),)
        )

    def elements(self, tokens: list[str]) -> list[tuple[str, ...]]:
        """A phrase as elements, each a word or a fixed group of words, stop words left out."""
        found: list[tuple[str, ...]] = []
        at = 0
        while at < len(tokens):
            for size in (3, 2):
                group = " ".join(tokens[at : at + size])
                if at + size <= len(tokens) and group in self.lexicon.groups:
                    found.append(self.lexicon.group_keys(group, self))
                    at += size
                    break
            else:
                if tokens[at] not in self.lexicon.stop:
                    found.append(self.keys(tokens[at]))
                at += 1
        return found


def build(out: Path) -> None:
    """Write the index to `out` (replaced). Raises ValueError for an alias of a code that is not there."""
    lexicon = read_lexicon()
    table = knowledge().execute("SELECT code, title, description FROM kbli ORDER BY code").fetchall()
    ids = {row[0]: at for at, row in enumerate(table)}
    named = aliases(ids)
    vocabulary = Vocabulary(lexicon)
    phrases = [(ids[code], text) for code, texts in sorted(named.items()) for text in texts]
    for _, text in phrases:
        vocabulary.uses.update(words.plain(text))
    titles = [[word for word in words.plain(row[1]) if word not in lexicon.title_stop] for row in table]
    descriptions = [[word for word in words.plain(row[2]) if word not in lexicon.title_stop] for row in table]
    for found in titles:
        vocabulary.uses.update(dict.fromkeys(found, 1))
    for canonical in sorted({one for many in lexicon.synonyms.values() for one in many if " " not in one}):
        vocabulary.uses[canonical] += 1
    spelled = dict(vocabulary.uses)  # misspellings lead only to words of aliases and titles
    in_phrases, in_titles, in_descriptions = (defaultdict[str, set[int]](set) for _ in range(3))
    elements = [vocabulary.elements(words.plain(text)) for _, text in phrases]
    for at, found in enumerate(elements):
        for element in found:
            for key in element:
                in_phrases[key].add(at)
    for at, (title, description) in enumerate(zip(titles, descriptions, strict=True)):
        for into, tokens in ((in_titles, title), (in_descriptions, description)):
            for element in vocabulary.elements(tokens):
                for key in element:
                    into[key].add(at)
    every = sorted({*in_phrases, *in_titles, *in_descriptions})
    weights = {
        key: _weight(key, {phrases[p][0] for p in in_phrases[key]} | in_titles[key], len(table))
        for key in every
    }
    heavy = [sum(max(weights[key] for key in element[:1]) for element in found) for found in elements]
    out.unlink(missing_ok=True)
    db = sqlite3.connect(out)
    db.executescript("PRAGMA journal_mode=OFF; PRAGMA page_size=4096;" + SCHEMA)
    counts = Counter(code for code, _ in phrases)
    db.executemany(
        "INSERT INTO code VALUES(?,?,?)",
        [
            (at, row[0], round(min(1.0, math.log1p(counts[at]) / math.log(60)), 3))
            for at, row in enumerate(table)
        ],
    )
    db.executemany(
        "INSERT INTO phrase VALUES(?,?)",
        [(at, " ".join(words.plain(text))) for at, (_, text) in enumerate(phrases)],
    )
    db.execute(
        "INSERT INTO blob VALUES('phrase_code', ?)", (array("H", [code for code, _ in phrases]).tobytes(),)
    )
    db.execute("INSERT INTO blob VALUES('phrase_weight', ?)", (array("f", heavy).tobytes(),))
    _write_words(db, vocabulary, spelled)
    _write_lexicon(db, lexicon, vocabulary)
    _write_guides(db, ids)
    db.executemany(
        "INSERT INTO post VALUES(?,?,?,?,?)",
        [
            (
                key,
                round(weights[key], 3),
                _ids(in_phrases[key]),
                _ids(in_titles[key]),
                _ids(in_descriptions[key]),
            )
            for key in every
        ],
    )
    meta = {"built_from": digest(sources()), "phrases": str(len(phrases)), "codes_named": str(len(named))}
    db.executemany("INSERT INTO meta VALUES(?,?)", sorted(meta.items()))
    db.commit()
    db.execute("VACUUM")
    db.close()


def _weight(key: str, codes: set[int], total: int) -> float:
    """How telling a key is: rare words tell more (idf over codes), roles and numbers little."""
    if key.startswith("@"):
        return ROLE_WEIGHT
    if key.isdigit():
        return NUMBER_WEIGHT
    return math.log(1 + total / (1 + len(codes)))


def _ids(numbers: set[int]) -> bytes:
    return array("H", sorted(numbers)).tobytes()


def _write_words(db: sqlite3.Connection, vocabulary: Vocabulary, spelled: dict[str, int]) -> None:
    lexicon = vocabulary.lexicon
    every = sorted(
        {
            word
            for word in [*spelled, *lexicon.roles, *lexicon.synonyms]
            if " " not in word and word not in lexicon.stop
        }
    )
    near = defaultdict[str, set[int]](set)
    for at, word in enumerate(every):
        heard = words.sound(word)
        uses = spelled.get(word, 0)
        db.execute(
            "INSERT INTO word VALUES(?,?,?,?,?,?)",
            (at, word, " ".join(vocabulary.keys(word)), uses, heard, words.skeleton(word)),
        )
        if len(word) > 2 and not word.isdigit():
            for gram in words.grams(heard):
                near[gram].add(at)
    db.executemany("INSERT INTO gram VALUES(?,?)", [(gram, _ids(near[gram])) for gram in sorted(near)])


def _write_lexicon(db: sqlite3.Connection, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
    db.executemany(
        "INSERT INTO multi VALUES(?,?)",
        [(group, " ".join(lexicon.group_keys(group, vocabulary))) for group in sorted(lexicon.groups)],
    )
    notes = dict.fromkeys(lexicon.outside, "outside") | dict.fromkeys(lexicon.stop, "stop")
    notes |= dict.fromkeys(lexicon.places, "place")
    db.executemany("INSERT INTO note VALUES(?,?)", sorted(notes.items()))
    db.executemany(
        "INSERT INTO role VALUES(?,?,?,?)",
        [
            (
                name,
                " ".join(role.divisions),
                " ".join(f"{other}:{kept}" for other, kept in role.near.items()),
                " ".join(role.options),
            )
            for name, role in sorted(lexicon.table.items())
        ],
    )


def _write_guides(db: sqlite3.Connection, codes: Container[str]) -> None:
    for at, guide in enumerate(read(PACKS / "guides.toml", Guides).guide):
        db.execute("INSERT INTO guide VALUES(?,?,?)", (at, guide.ask.id, guide.ask.en))
        texts = {" ".join(words.plain(text)) for text in guide.words}
        db.executemany("INSERT INTO guide_word VALUES(?,?)", [(text, at) for text in sorted(texts)])
        for place, option in enumerate(guide.options):
            if option.code not in codes:
                raise ValueError(f"guides.toml: no such code {option.code}")
            row = (at, place, option.code, option.label.id, option.label.en)
            db.execute("INSERT INTO guide_option VALUES(?,?,?,?,?)", row)


def sources() -> list[Path]:
    """The files the index is built from; their fingerprint is in the index."""
    return [
        DATA / "kbli.sqlite", PACKS / "guides.toml", *sorted(ALIASES.glob("*.tsv")), *sorted(LEXICON.glob("*"))
    ]  # fmt: skip


def main() -> None:
    """Build and say how large."""
    parser = argparse.ArgumentParser(description="Build data/search.sqlite from the packs.")
    parser.add_argument("--out", type=Path, default=DATA / "search.sqlite")
    args = parser.parse_args()
    build(args.out)
    print(f"{args.out.name}: {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
