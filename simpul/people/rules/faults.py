"""What is wrong with a row of a list, in words for who sent it: what it is, and what to do. Pure; doors translate.

``%(value)s`` is what stands in the cell. Rows with a fault are refused alone; a remark leaves the row taken in.
"""

from __future__ import annotations

from collections.abc import Mapping


def _(sentence: str) -> str:
    """Marks a sentence for the catalogue."""
    return sentence


SENTENCES: Mapping[str, tuple[str, str]] = {
    "full_name_missing": (_("There is no name."), _("Write the name in this row.")),
    "birth_date_missing": (
        _("There is no birth date."),
        _("Write the birth date; without it nothing can be judged by age."),
    ),
    "measured_date_missing": (_("There is no date of measuring."), _("Write the day of the weighing.")),
    "number_masked": (
        _("Only a part of the NIK “%(value)s” is shown."),
        _("The child was looked for by name, birth date and village."),
    ),
    "weight_grams": (
        _("“%(value)s” is far too much for kilograms and was read as grams."),
        _("Compare the weight that was taken in with the source."),
    ),
    "weight_unreadable": (
        _("“%(value)s” is no weight."),
        _("It was left out. Write kilograms, as in 8,4."),
    ),
    "length_unreadable": (
        _("“%(value)s” is no length."),
        _("It was left out. Write centimetres, as in 72,5."),
    ),
    "posyandu_unknown": (
        _("There is no posyandu “%(value)s” in this village."),
        _("Set it up first, or write its name as it stands here. Nothing of the row was taken in."),
    ),
    "posyandu_only": (
        _("There is no posyandu “%(value)s” in this village, and only one posyandu."),
        _("The row was taken in at that one. Check the name."),
    ),
    "child_elsewhere": (
        _("This child is on the list of another posyandu."),
        _("The weighing was taken in there. Move the child if it lives here now."),
    ),
    "child_several": (
        _("Several people have this name and birth date in the village."),
        _("Nothing was taken in. Add the NIK, or merge the rows first."),
    ),
    "nik_of_another": (
        _("This NIK is of another child, with another name and birth date than “%(value)s”."),
        _("Nothing was taken in. Compare both family cards, then correct the number."),
    ),
    "nik_of_twin": (
        _("Another child, born on the same day as “%(value)s”, was weighed on this day under this NIK."),
        _("Nothing was taken in. With twins, give each the NIK of its own; else correct the name."),
    ),
    "name_otherwise": (
        _("The child with this NIK and birth date has another name here than “%(value)s”."),
        _("The weighing was taken in at that child. With twins, see that each has a NIK of its own."),
    ),
    "birth_otherwise": (
        _("The child with this NIK has another birth date here than “%(value)s”."),
        _("It was judged by the date that stands here. Day and month may have changed places."),
    ),
    "child_turned": (
        _("A child of this name is here with day and month of “%(value)s” the other way round."),
        _("Nothing was taken in. Correct the birth date, or add the NIK."),
    ),
    "measured_before_birth": (
        _("It was measured before it was born."),
        _("It was taken in without scores. Correct the birth date or the day of measuring."),
    ),
    "nothing_measured": (
        _("Neither weight nor height can be read in this row."),
        _("Nothing of it was taken in. Write at least one of them."),
    ),
    "weighed_twice": (
        _("Another weighing of this day is here already, with other values."),
        _("Both were kept; choose on the child's page which of them stands."),
    ),
    "nik_missing": (_("There is no NIK."), _("Write the 16 digits of the NIK in this row.")),
    "number_letters": (
        _("“%(value)s” is not a number of 16 digits: it has letters or signs."),
        _("Compare it with the card. Leave the cell empty when nobody knows the number."),
    ),
    "number_length": (
        _("“%(value)s” does not have 16 digits."),
        _("Compare it with the card. Leave the cell empty when nobody knows the number."),
    ),
    "number_rounded": (
        _("The spreadsheet has rounded this number to “%(value)s”; its last digits are lost."),
        _("Format the column as text, then copy the numbers from the source again."),
    ),
    "number_placeholder": (
        _("“%(value)s” stands for an unknown number."),
        _("It was left out. Add the number when it is known."),
    ),
    "number_unreadable": (
        _("“%(value)s” is no number that can stand here."),
        _("It was left out. Write digits only."),
    ),
    "sex_unreadable": (_("“%(value)s” is no sex."), _("It was left out. Write L or P.")),
    "yes_unreadable": (_("“%(value)s” is neither yes nor no."), _("It was left out. Write Ya or Tidak.")),
    "yes_other_pair": (
        _("“%(value)s” belongs to the other pair of codes: on the form they run 1/2, then 3/4."),
        _("It was left out. Look whether the columns have shifted, and choose the right list of codes."),
    ),
    "code_unknown": (
        _("“%(value)s” is not in the list of codes of this field."),
        _("It was left out. Check the code, or choose the list of codes that the sheet uses."),
    ),
    "list_unknown": (
        _("The chosen list of codes has no codes for this field."),
        _("It was left out. Choose the list of codes that the sheet uses."),
    ),
    "text_too_long": (_("“%(value)s” is too long for this field."), _("Shorten it.")),
    "life_unreadable": (
        _("“%(value)s” does not say whether the person lives here."),
        _("It was left out. Write Hidup, Pindah or Meninggal."),
    ),
    "date_unreadable": (
        _("“%(value)s” cannot be read as a date."),
        _("Write day/month/year, as in 31/12/1985."),
    ),
    "date_impossible": (_("There is no such day: “%(value)s”."), _("Compare it with the card.")),
    "date_future": (_("“%(value)s” lies in the future."), _("Check the year.")),
    "date_month_first": (
        _("In “%(value)s” the month stands before the day."),
        _(
            "Write the day first in the whole column: other rows would be read wrongly without anybody noticing."
        ),
    ),
    "date_rough": (
        _("“%(value)s” is often written when only the year is known."),
        _("It was taken in as a rough date. Correct it when the day is known."),
    ),
    "date_two_digits": (_("The year of “%(value)s” has two digits."), _("Check the year that was taken in.")),
    "region_unreadable": (
        _("“%(value)s” is no region code."),
        _("Write the code of the ministry, as in 73.03.01.2008."),
    ),
    "other_region": (
        _("This row belongs to another area (%(value)s)."),
        _("Take it out, or give it to the officers of that area. Nothing of it was taken in."),
    ),
    "village_unknown": (
        _("There is no such village in this area: %(value)s."),
        _("Check how the village is written, or its code."),
    ),
    "village_several": (
        _("Several villages of this area have this name: %(value)s."),
        _("Add a column with the district, or the village's code."),
    ),
    "village_missing": (
        _("The row does not say which village it belongs to."),
        _("Add a column with the village, or take in one village at a time and choose it at the start."),
    ),
    "nik_area": (
        _("The first digits of the NIK %(value)s are no known area."),
        _("Compare it with the card."),
    ),
    "nik_birth_date": (
        _("The birth date inside the NIK %(value)s is impossible."),
        _("Compare it with the card."),
    ),
    "nik_birth_mismatch": (
        _("The birth date inside the NIK %(value)s differs from the one given."),
        _("Both were kept. Compare them with the card."),
    ),
    "nik_sex_mismatch": (
        _("The sex inside the NIK %(value)s differs from the one given."),
        _("Both were kept. Compare them with the card."),
    ),
    "nik_serial": (
        _("The NIK %(value)s ends in 0000, which no card does: the spreadsheet may have rounded it."),
        _("Compare it with the card."),
    ),
    "nik_is_kk": (
        _("The NIK and the family card number are the same."),
        _("Compare both with the family card."),
    ),
    "nik_twice": (
        _("This NIK stands in another row of the list too, with another name."),
        _("Compare both with the card; one of them is wrong."),
    ),
    "twice_in_list": (
        _("This person stands in the list more than once."),
        _("The first row was taken; this one adds nothing."),
    ),
    "nik_other_person": (
        _("In the register this NIK belongs to somebody with another name and birth date."),
        _("Compare the number with the card. Nothing was changed."),
    ),
    "restricted": (
        _("This person asked that their data be left as they are."),
        _("Nothing was changed. The data-protection officer can tell more."),
    ),
    "unit_differs": (
        _("“%(value)s”: another row of the same household or family says otherwise."),
        _("The first row was taken. Ask the family, then correct it on their page."),
    ),
    "register_newer": (
        _("The register has a newer value than “%(value)s”."),
        _("The register was left as it is. Both values stand on the page; a person chooses."),
    ),
    "says_gone": (
        _("The list says that this person died or moved; the register does not."),
        _("Record the death or the move on the person's page, with its date."),
    ),
    "says_here": (
        _("The register says that this person died or moved; the list does not."),
        _("Look at the person's page. Nothing was changed."),
    ),
    "head_twice": (
        _("Two rows call themselves head of the same household or family."),
        _("The first was taken. Correct the relation of one of them."),
    ),
    "maybe_same": (
        _("Somebody very much like this person is in the register already."),
        _("The person was taken in. Under Possible duplicates somebody decides whether they are one."),
    ),
    "pregnant_man": (
        _("The row says man and pregnant."),
        _("Both were kept. Correct the one that is wrong."),
    ),
    "very_old": (_("Born %(value)s: more than 115 years ago."), _("Check the year.")),
    "row_crowded": (_("The row has more cells than the heading."), _("Look whether a column has shifted.")),
}
"""Code -> (what is wrong, what to do)."""


def sentence(code: str) -> tuple[str, str]:
    """Both halves; a code that is not known says itself."""
    return SENTENCES.get(code, (code, ""))
