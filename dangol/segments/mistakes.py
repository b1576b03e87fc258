"""What is wrong with a rule, and where."""

from __future__ import annotations

from django.core.exceptions import ValidationError

Path = tuple[str | int, ...]


class BadRule(ValidationError):
    """A rule that cannot be read; says of each mistake where it is and what is wrong."""

    def __init__(self, problems: list[tuple[Path, str]]) -> None:
        self.problems = problems
        super().__init__([placed(path, why) for path, why in problems])


def placed(path: Path, why: str) -> str:
    """A mistake after its place, as in “all › 2 › where: …”."""
    where = " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)
    return f"{where}: {why}" if where else why


def refuse(path: Path, why: str) -> BadRule:
    """One mistake."""
    return BadRule([(path, why)])
