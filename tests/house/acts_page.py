"""`docs/acts.md`: every act with the roles that may do it, written out of the role table.

Write it anew with `python -m tests.house.acts_page`; a test fails when the page and the table differ.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from simpul import roles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "acts.md"
HEAD = """# Acts

Every act, the words of its line in the journal, and who may do it how widely. Written out of `simpul/roles/` by
`python -m tests.house.acts_page`; change the table there, never this page.

hand: held by one's own desk or handed to it · chain: one's desk is or was on its chain · area: in the area the seat serves ·
all: anywhere. The system may do everything. Roles marked \\* need a second factor.
"""


def text() -> str:
    """The whole page."""
    parts = [HEAD]
    for noun, acts in groupby(sorted(roles.ACTS), key=lambda act: act.partition(".")[0]):
        parts.append(f"\n## {noun}\n\n| Act | Line in the journal | Who |\n|---|---|---|\n")
        parts += [f"| `{act}` | {roles.ACTS[act]} | {_who(act)} |\n" for act in acts]
    return "".join(parts)


def _who(act: str) -> str:
    found = []
    for scope in sorted(roles.Scope):
        names = [
            f"{name}{'*' if roles.ROLES[name].strong else ''}".replace("*", "\\*")
            for name, granted in sorted(roles.GRANTS.items())
            if granted.get(act) is scope and name != "system"
        ]
        if names:
            found.append(f"{scope.name.lower()}: {', '.join(names)}")
    return " · ".join(found) or "the system"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
