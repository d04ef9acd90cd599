"""From what an officer types to a question to the full-text index."""

from __future__ import annotations

MOST_TERMS = 12


def question(typed: str) -> str:
    """An FTS5 expression: every word must occur, as it stands or as the beginning of a longer one, anywhere.

    A number such as "503/12/2009" is one phrase, its parts in this order; nothing typed is ever syntax. "" when there
    is nothing to look for.
    """
    terms: list[str] = []
    for word in typed.split()[:MOST_TERMS]:
        if any(sign.isalnum() for sign in word):
            # A string in double quotes is a phrase (FTS5, section 3.1); a quote inside is doubled.
            terms.append('"' + word.replace('"', '""').replace("\0", "") + '" *')
    return " AND ".join(terms)
