"""Users on a village laptop: their names come, their passwords never."""

from simpul.accounts import actions
from simpul.accounts.models import User
from tests.cast import DUNGKAIT, Cast, assemble
from tests.mirrors import check


def test_names_come_and_passwords_do_not(db: None) -> None:
    cast: Cast = assemble()
    before = User.objects.get(username="ilham").password
    parts = check(
        actions.mirror_users, "users.mirror", actions.MIRRORED, (DUNGKAIT,), [cast.desk("village").id]
    )
    assert {row[1] for row in parts["accounts.User"].rows.values()} == {"ilham", "kades", "sekdes", "pkd"}
    assert before not in str(parts)
    assert User.objects.get(username="ilham").password == before
