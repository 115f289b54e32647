"""Expected failures.

Everything a person can do wrong, and everything the rules forbid, is a ``Refused`` with a code for programs and a
sentence for people that says what to do next. A door shows the sentence and keeps what was typed. Anything else
that goes wrong is a fault: it rises, is logged, and nothing is acknowledged.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from django.utils.translation import get_language, gettext


@runtime_checkable
class Named(Protocol):
    """Something of a catalogue that has a name in each language, such as a field of a form."""

    def label(self, language: str) -> str:
        """Its name in this language."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The rules do not allow this, and here is why.

    Subclasses set ``code`` (stable, for programs) and ``sentence`` (translatable, with ``%(name)s`` places that the
    keyword arguments fill; one that is ``Named`` is called as the reader's language calls it). ``field`` names the form
    field the sentence belongs beside, when there is one.
    """

    code: str = "refused"
    sentence: Any = "This cannot be done."
    field: str = ""

    def __init__(self, *, field: str | None = None, **values: Any) -> None:
        super().__init__(self.code)
        self.values = values
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        sentence = gettext(str(self.sentence))
        return sentence % self._shown() if self.values else sentence

    def _shown(self) -> dict[str, Any]:
        language = (get_language() or "id")[:2]
        return {
            key: value.label(language) if isinstance(value, Named) else value
            for key, value in self.values.items()
        }


class NotFound(Refused):
    """There is no such thing, or not for you: the two look the same, so that nothing can be learned by asking."""

    code = "not_found"
    sentence: Any = "Not found."


class NotAllowed(NotFound):
    """The actor's role does not include this act here. Shown exactly like ``NotFound``."""

    code = "not_found"
