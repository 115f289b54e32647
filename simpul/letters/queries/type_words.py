"""What is wrong with a kind of letter, in words that say how to put it right."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from simpul.letters.rules import types as rules

_WORDS: Mapping[str, str] = {
    "unknown_place": gettext_noop(
        "Line %(line)s: nothing fills the place “{%(word)s}”. Take a name from the list, or add an input with this key."
    ),
    "unknown_place_meant": gettext_noop(
        "Line %(line)s: nothing fills the place “{%(word)s}”. Did you mean “{%(meant)s}”?"
    ),
    "unknown_filter": gettext_noop(
        "Line %(line)s: there is no filter “%(word)s”. The list beside the text shows those there are."
    ),
    "unknown_filter_meant": gettext_noop(
        "Line %(line)s: there is no filter “%(word)s”. Did you mean “%(meant)s”?"
    ),
    "unclosed": gettext_noop("Line %(line)s: a “%(word)s” is not closed, or closes nothing."),
    "bad_place": gettext_noop(
        "Line %(line)s: “{%(word)s}” cannot be read. A place is a name, perhaps with a filter: {nama|besar}."
    ),
    "bad_row": gettext_noop("Line %(line)s: a signature has two parts, “@ Saksi, | {nama}”."),
    "too_long": gettext_noop("The text is too long for a letter."),
    "empty": gettext_noop("Write the text of the letter."),
    "no_key": gettext_noop(
        "“%(word)s” cannot be a key: small letters, digits and low lines, beginning with a letter. For people only letters."
    ),
    "taken_key": gettext_noop("The key “%(word)s” belongs to the register's own facts. Choose another key."),
    "twice": gettext_noop("“%(word)s” is there twice. Keys are used once."),
    "no_type": gettext_noop("Choose what sort of answer “%(word)s” wants."),
    "no_label": gettext_noop("“%(word)s” needs words that people understand."),
    "no_choices": gettext_noop("“%(word)s” needs at least two answers to choose from."),
    "too_many": gettext_noop("No more than %(word)s of these."),
    "no_datum": gettext_noop("“%(word)s” is not known of people in letters; the name always is."),
    "no_count": gettext_noop("“%(word)s”: say how many there may be, from 1 to 12, and how many at least."),
    "no_name": gettext_noop("What is to be shown needs a name: “%(word)s” has none."),
    "no_archive_code": gettext_noop(
        "“%(word)s” is no archive code. It is numbers with dots, as in Permendagri 83/2022: 400.8.2."
    ),
    "no_validity": gettext_noop(
        "Say how long the letter is good for: 0 for no end, otherwise days or months."
    ),
}


def fault(one: rules.Fault) -> str:
    """One fault as a sentence."""
    key = f"{one.code}_meant" if one.meant else one.code
    return _(_WORDS.get(key, _WORDS.get(one.code, one.code))) % {
        "word": one.word,
        "meant": one.meant,
        "line": one.line,
    }
