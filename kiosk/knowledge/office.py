"""Papers this office asks for beside what OSS requires. The office's own choice, so a pack marked as a sample."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.knowledge.packs import Bilingual, Head, Model, load
from kiosk.knowledge.risk import Paper
from kiosk.knowledge.texts import Source


class _Row(Model):
    id: str
    label: Bilingual
    why: Bilingual
    icon: str
    when: dict[str, tuple[str, ...]] | None = None


class OfficePapersPack(Model):
    """`packs/office_papers.toml`."""

    pack: Head
    paper: tuple[_Row, ...]


@dataclass(frozen=True, slots=True)
class OfficePaper:
    """`paper` is asked for when every question in `when` was answered with one of its values."""

    paper: Paper
    when: tuple[tuple[str, tuple[str, ...]], ...]

    def asked(self, answers: dict[str, str]) -> bool:
        return all(answers.get(question, "") in values for question, values in self.when)


def papers() -> tuple[OfficePaper, ...]:
    """All papers of the office, in the order they are laid under the camera."""
    pack = load("office_papers", OfficePapersPack)
    head = pack.pack
    source = Source("Ketentuan kantor (contoh)", "", head.checked_on, head.review_by, "K", head.checked_by)
    return tuple(
        OfficePaper(
            Paper(row.id, row.label.text(), row.why.text(), row.icon, scan=True, certain=True, source=source),
            tuple(row.when.items()) if row.when else (),
        )
        for row in pack.paper
    )
