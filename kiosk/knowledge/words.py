"""How people write: small pure functions on words that the index builder and the search both use.

Indonesian needs little: prefixes (me-, pe-, ber-, di-, ter-, se-) and suffixes (-nya, -kan, -an, -i) come off,
spellings that sound alike are brought together (oe/u, dj/j, ph/f, doubled letters), and an SMS-style
skeleton of consonants finds "wrng" for "warung". The stemmer is light on purpose: a wrong stem costs more
than a missing one, because every stem is only one of several ways to reach a word.
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[a-z]+|\d+")
VOWELS = frozenset("aeiou")

_SOUNDS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("ph", "f"), ("sy", "s"), ("kh", "k"), ("gh", "g"), ("th", "t"),
    ("ck", "k"), ("qu", "ku"), ("q", "k"), ("x", "ks"), ("v", "f"), ("z", "s"),
)  # fmt: skip
_PREFIXES = (
    ("meng", ""), ("menge", ""), ("meny", "s"), ("mem", "p"), ("mem", ""), ("men", "t"), ("men", ""),
    ("me", ""), ("peng", ""), ("penge", ""), ("peny", "s"), ("pem", "p"), ("pem", ""), ("pen", "t"),
    ("pen", ""), ("per", ""), ("pe", ""), ("ber", ""), ("di", ""), ("ter", ""), ("ng", ""), ("ny", "s"),
)  # fmt: skip
_SUFFIXES = ("nya", "kan", "an", "i", "in")


def plain(text: str) -> list[str]:
    """The words and numbers of `text`, lower case, without accents or punctuation: "Mie-Ayam 3kg" gives
    ["mie", "ayam", "3", "kg"].
    """
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return WORD.findall(text.replace("'", ""))


def stems(word: str) -> tuple[str, ...]:
    """What `word` may be built on, the word itself first; candidates only, the caller keeps those it knows.

    "penjualan" gives penjualan, penjual, jualan, jual and a few that are no words.
    """
    if len(word) < 5:
        return (word,)
    found = dict.fromkeys([word])
    bases = [
        word,
        *(word[: -len(end)] for end in _SUFFIXES if word.endswith(end) and len(word) - len(end) >= 3),
    ]
    for base in bases:
        found[base] = None
        for start, instead in _PREFIXES:
            if base.startswith(start) and len(base) - len(start) + len(instead) >= 3:
                found[instead + base[len(start) :]] = None
    return tuple(found)


def sound(word: str) -> str:
    """A key equal for spellings that sound alike: "photocopy" and "fotokopi" share theirs."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    word = re.sub(r"c(?=[aou]|$|[^aeiouh])", "k", word) if len(word) > 3 else word
    word = re.sub(r"y$", "i", word)
    return re.sub(r"(.)\1+", r"\1", word)


def skeleton(word: str) -> str:
    """The first letter and the consonants after it: "wrng" and "warung" share "wrng"."""
    heard = sound(word)
    return heard[:1] + "".join(letter for letter in heard[1:] if letter not in VOWELS)


def grams(word: str) -> set[str]:
    """Letter trigrams of a word between edge marks, to find neighbours of a misspelling."""
    padded = f"^{word}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def distance(a: str, b: str, limit: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; `limit` + 1 when more than that."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i] + [0] * len(b)
        for j, y in enumerate(b, 1):
            cost = before[j - 1] if x == y else 1 + min(before[j - 1], before[j], row[j - 1])
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
