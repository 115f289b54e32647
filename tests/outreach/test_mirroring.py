"""Rows of this room on a village laptop."""

from simpul.outreach.actions import mirroring
from tests.cast import DUNGKAIT, Cast, assemble
from tests.mirrors import check


def test_rows_of_the_area_are_laid_down_as_they_are(db: None) -> None:
    cast: Cast = assemble()
    cast.case()
    desks = [cast.desk("village").id]
    check(mirroring.mirror_trips, "trips.mirror", mirroring.TABLES, (DUNGKAIT,), desks)
