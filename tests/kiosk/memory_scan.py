"""Looks for planted text in the memory of a living process."""

from __future__ import annotations

from pathlib import Path


def found_in_memory(pid: int, *needles: bytes) -> dict[bytes, int]:
    """How often each needle lies in the readable, private memory of a process (proc(5), /proc/PID/mem)."""
    counts = dict.fromkeys(needles, 0)
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            name = line.split(maxsplit=5)[5] if len(line.split(maxsplit=5)) > 5 else ""
            if not rights.startswith("r") or name in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                part = memory.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue
            for needle in needles:
                counts[needle] += part.count(needle)
    return counts
