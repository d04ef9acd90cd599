"""The count of insertions."""

from __future__ import annotations

from hardware.card.ledger import Ledger, Sight
from hardware.card.port import Presence
from hardware.card.watcher import Roles

R = "Reader"


def ledger() -> tuple[Ledger, list[Presence]]:
    heard: list[Presence] = []
    return Ledger(heard.append), heard


def test_cards_laid_down_count_from_one():
    book, heard = ledger()
    book.see(Sight(1, R, False, 0))
    assert book.see(Sight(1, R, True, 1)) == Presence(True, 1, R)
    assert book.see(Sight(1, R, True, 1)) == Presence(True, 1, R)
    book.see(Sight(1, R, False, 2))
    assert book.see(Sight(1, R, True, 3)) == Presence(True, 2, R)
    assert [(one.present, one.insertion) for one in heard] == [(False, 0), (True, 1), (False, 1), (True, 2)]


def test_a_card_lifted_and_another_laid_between_two_looks_is_another_insertion():
    book, _ = ledger()
    book.see(Sight(1, R, False, 0))
    book.see(Sight(1, R, True, 1))
    assert book.see(Sight(1, R, True, 3)).insertion == 2


def test_a_slower_look_that_comes_second_is_ignored():
    book, _ = ledger()
    book.see(Sight(1, R, False, 0))
    book.see(Sight(1, R, True, 3))
    assert book.see(Sight(1, R, True, 1)).insertion == 1
    book.see(Sight(1, R, True, 0xFFFF))
    assert book.presence.insertion == 1


def test_the_counter_may_wrap():
    book, _ = ledger()
    book.see(Sight(1, R, False, 0xFFFE))
    book.see(Sight(1, R, True, 0xFFFF))
    book.see(Sight(1, R, False, 0))
    assert book.see(Sight(1, R, True, 1)).insertion == 2


def test_a_card_left_behind_never_becomes_fresh_by_a_restart():
    book, _ = ledger()
    assert book.see(Sight(1, R, True, 1)) == Presence(True, 0, R)
    book.lose()
    assert book.see(Sight(2, R, True, 1)) == Presence(True, 0, R)
    book.see(Sight(2, R, False, 2))
    assert book.see(Sight(2, R, True, 3)) == Presence(True, 1, R)


def test_a_fresh_card_gets_a_new_number_after_a_restart():
    book, _ = ledger()
    book.see(Sight(1, R, False, 0))
    book.see(Sight(1, R, True, 1))
    book.lose()
    assert book.presence == Presence(False, 1, "")
    assert book.see(Sight(2, R, True, 1)).insertion == 2


def test_a_swap_found_by_a_read_is_told():
    book, heard = ledger()
    book.see(Sight(1, R, False, 0))
    book.see(Sight(1, R, True, 1))
    book.swapped(1)
    book.swapped(1)
    assert heard[-1] == Presence(True, 2, R)


def test_roles_go_by_pattern_never_by_place():
    names = ["ACME Dual 00 01 SAM", "ACME Dual 00 00 PICC", "Keyboard Reader"]
    assert Roles("(?i)acme").contactless_among(names) == ["ACME Dual 00 00 PICC"]
    assert Roles("(?i)acme").contactless_among(names[::-1]) == ["ACME Dual 00 00 PICC"]
    assert Roles().sam_among(names) == ["ACME Dual 00 01 SAM"]
    assert Roles("", "").contactless_among(names) == names
