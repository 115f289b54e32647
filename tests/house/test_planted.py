"""Each house rule is proved by a planted fault it must find, and by a clean house in which it must find nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.urls import include, path

from simpul import roles
from tests.house import acts, pages
from tests.house.plant import plant
from tests.house.rules import RULES

GOOD_ACT = '''
from datetime import datetime
from django.db import transaction
from simpul import roles
from simpul.cases.models import Case
from simpul.journal import actions as journal_actions
from simpul.lib.actor import Actor
from simpul.people import models as people_models
from simpul.people.models import Person


def claim_case(*, by: Actor, at: datetime, case_id: str) -> None:
    """Take a matter on."""
    case = _find(case_id)
    roles.require(by, "case.claim", case)
    with transaction.atomic():
        Case.objects.filter(id=case_id).update(claimed_at=at)
        journal_actions.record(by=by, at=at, kind="case.claim", subject_kind="case", subject_id=case_id)


def _find(case_id: str, for_whom: Person | people_models.Person | None = None) -> Case:
    return Case.objects.get(id=case_id)
'''

GOOD_MODEL = '''
from django.db import models
from simpul.lib.fields import Model


class Case(Model):
    """A matter."""

    personal_data = {"words": "personal"}
    retention = "five years"
    words = models.TextField()
    desk = models.ForeignKey("desks.Desk", on_delete=models.PROTECT)
'''

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Hello %(name)s"\nmsgstr "Halo %(name)s"\n'

LOCK = "django==5.2.19 \\\n    --hash=sha256:00\n    # via -r requirements/run.in\n"

CLEAN = {
    "requirements/run.in": "Django~=5.2\n",
    "requirements/run.lock": LOCK,
    "requirements/dev.lock": LOCK,
    "simpul/__init__.py": "",
    "simpul/people/__init__.py": "",
    "simpul/people/actions/__init__.py": "",
    "simpul/people/actions/steps.py": "def begin(by, act): ...",
    "simpul/cases/__init__.py": "",
    "simpul/cases/apps.py": "",
    "simpul/cases/actions.py": GOOD_ACT,
    "simpul/cases/models.py": GOOD_MODEL,
    "simpul/cases/rules.py": 'def days(kind: str) -> int:\n    """Working days."""\n    return {}.get(kind, 5)\n',
    "simpul/cases/queries.py": (
        "from django.utils.translation import gettext as _\n"
        "from simpul.cases.models import Case\n\n\n"
        "def inbox(seen: set[str], words: dict[str, str], image: object) -> str:\n"
        '    """The matters of a desk, and calls that only look like writes."""\n'
        "    words.update(a=1)\n    words.update({})\n    seen.add('a')\n    image.save('a.png', quality=80)\n"
        "    Key.create()\n    cursor.execute('SELECT 1')\n    cache.delete('a')\n"
        "    return _('Hello %(name)s') % words\n"
    ),
    "simpul/cases/locale/id/LC_MESSAGES/django.po": PO,
    "simpul/cases/migrations/__init__.py": "",
    "simpul/cases/migrations/0001_initial.py": "import simpul.lib.fields\nfrom django.db import migrations\n",
    "simpul/cases/migrations/0002_cases_remember_their_weight.py": "from django.db import migrations\n",
    "simpul/templates/desk/case.html": (
        '{% load i18n %}<script src="/a.js"></script><p class="on">'
        "{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>"
    ),
    "simpul/static/vendor/htmx/htmx.js": "",
    "simpul/static/vendor/htmx/LICENSE": "",
    "tests/cases/test_actions.py": "claim_case",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Files laid over the clean house, and words that the rule's complaint must hold."""

    files: dict[str, str]
    says: str


def _queries(line: str) -> dict[str, str]:
    return {"simpul/cases/queries.py": f'def inbox() -> None:\n    """Lists."""\n    {line}\n'}


def _act(old: str, new: str) -> dict[str, str]:
    assert old in GOOD_ACT
    return {"simpul/cases/actions.py": GOOD_ACT.replace(old, new)}


def _model(old: str, new: str) -> dict[str, str]:
    assert old in GOOD_MODEL
    return {"simpul/cases/models.py": GOOD_MODEL.replace(old, new)}


def _page(html: str) -> dict[str, str]:
    return {"simpul/templates/desk/case.html": html}


ONLY_ACTIONS = "only actions write"
FOREIGN = "an action writes only its own room's tables"
ACT_FORM = "acts are keyword-only, typed and explained, and take by and at"
PERMISSION = "acts ask for permission, under their own name, before they write"
MIGRATIONS = "migrations stand alone and have meaningful names"
PERSONAL = "tables say what personal data they hold, and how long"
INLINE = "pages have no inline style or script"
REQUIRE = '    roles.require(by, "case.claim", case)\n'
RECORD = '        journal_actions.record(by=by, at=at, kind="case.claim", subject_kind="case", subject_id=case_id)\n'
WRITE = "        Case.objects.filter(id=case_id).update(claimed_at=at)\n"

FAULTS: list[tuple[str, Fault]] = [
    (ONLY_ACTIONS, Fault(_queries("case.save()"), ".save()")),
    (ONLY_ACTIONS, Fault(_queries("case.save(update_fields=['state'])"), ".save()")),
    (ONLY_ACTIONS, Fault(_queries("Case.objects.create(words='a')"), ".create()")),
    (ONLY_ACTIONS, Fault(_queries("case.hops.create(desk=desk)"), ".create()")),
    (ONLY_ACTIONS, Fault(_queries("Case.objects.filter(id=1).update(a=2)"), ".update()")),
    (ONLY_ACTIONS, Fault(_queries("case.hop_set.update(a=2)"), ".update()")),
    (ONLY_ACTIONS, Fault(_queries("visible(by).filter(a=1).delete()"), ".delete()")),
    (ONLY_ACTIONS, Fault(_queries("case.delete()"), ".delete()")),
    (ONLY_ACTIONS, Fault(_queries("Case.objects.bulk_create(rows)"), ".bulk_create()")),
    (ONLY_ACTIONS, Fault(_queries("Case.objects.get_or_create(a=1)"), ".get_or_create()")),
    (ONLY_ACTIONS, Fault(_queries("cursor.execute('update cases set a = 1')"), ".execute()")),
    (ONLY_ACTIONS, Fault({"simpul/web/desk.py": "case.save()"}, "simpul/web/desk.py:1")),
    (FOREIGN, Fault(_act(WRITE, "        Person.objects.update(a=1)\n"), "uses simpul.people.models.Person")),
    (FOREIGN, Fault(_act(WRITE, "        Person(name='a')\n"), "uses simpul.people.models.Person")),
    (FOREIGN, Fault(_act(WRITE, "        people_models.Person.objects.get()\n"), "uses simpul.people.models")),
    (FOREIGN, Fault(_act("from django.db", "import simpul.people.models\nfrom django.db"), "uses simpul.people.models")),
    ("the steps of an act stay in its room", Fault({"simpul/web/desk.py": "from simpul.cases.actions import steps"}, "is inside cases")),
    ("the steps of an act stay in its room", Fault({"simpul/web/desk.py": "from simpul.cases.actions import _find"}, "is inside cases")),
    ("tables are imported, not fetched by name", Fault(_queries("apps.get_model('cases.Case')"), "get_model")),
    (ACT_FORM, Fault(_act("(*, by", "(by"), "by position")),
    (ACT_FORM, Fault(_act("*, by: Actor, ", "*, "), "by: Actor")),
    (ACT_FORM, Fault(_act("at: datetime, ", ""), "at: datetime")),
    (ACT_FORM, Fault(_act("at: datetime", "at: str"), "not as datetime")),
    (ACT_FORM, Fault(_act("case_id: str) -> None", "case_id) -> None"), "not fully typed")),
    (ACT_FORM, Fault(_act('    """Take a matter on."""\n', ""), "no docstring")),
    (
        ACT_FORM,
        Fault(
            {**_act("def claim_case(*, ", "def juggle_case("), "simpul/web/desk.py": "case_actions.juggle_case(by)"},
            "by position",
        ),
    ),
    (PERMISSION, Fault(_act(REQUIRE, ""), "never calls roles.require")),
    (PERMISSION, Fault(_act("    case = _find(case_id)\n", "    case = _find(case_id)\n    case.save()\n"), "writes before")),
    (PERMISSION, Fault(_act("return Case.objects.get(id", "return Case.objects.get_or_create(id"), "writes before")),
    (PERMISSION, Fault({"simpul/cases/actions.py": GOOD_ACT.replace("case.claim", "case.note")}, "its own name")),
    ("acts leave a line in the journal", Fault(_act(RECORD, ""), "leaves no line")),
    (
        "acts are in the role table, with journal words",
        Fault(_act("def claim_case", "def juggle_case"), "'case.juggle'"),
    ),
    ("names in the role table have their act", Fault(_act("def claim_case", "def _claim_case"), "'case.claim'")),
    ("acts are tested", Fault({"tests/cases/test_actions.py": ""}, "named in no test")),
    ("acts are tested", Fault({"tests/cases/test_actions.py": "", "tests/house/test_a.py": "claim_case"}, "named in no test")),
    ("rooms hold only the known furniture", Fault({"simpul/cases/views.py": ""}, "no such file")),
    ("rooms hold only the known furniture", Fault({"simpul/cases/a.py": "", "simpul/cases/b.py": ""}, "2 tools")),
    ("rooms hold only the known furniture", Fault({"simpul/cases/rules/__init__.py": ""}, "both a file and a folder")),
    ("functions and files are short", Fault({"simpul/cases/rules.py": "def a():\n" + "    b()\n" * 61}, "a has 61 lines")),
    ("functions and files are short", Fault({"simpul/cases/rules.py": "a = 1\n" * 501}, "501 lines")),
    ("imports stand at the top", Fault(_queries("from simpul import roles"), "imports inside itself")),
    (
        "rooms import modules of each other, not names",
        Fault(
            {"simpul/people/__init__.py": "", "simpul/cases/queries.py": "from simpul.people.queries import find_person"},
            "import queries as people_queries",
        ),
    ),
    ("rules, access and queries are explained", Fault({"simpul/cases/rules.py": "def days() -> int:\n    return 5"}, "days")),
    ("rules and models do not look at the clock", Fault({"simpul/cases/rules.py": "a = timezone.now()"}, "looks at the clock")),
    ("no signals and no save() tricks", Fault({"simpul/cases/apps.py": "from django.db.models.signals import post_save"}, "no signals")),
    ("no signals and no save() tricks", Fault(_model("    words =", "    def save(self): ...\n\n    words ="), "no save()")),
    (MIGRATIONS, Fault({"simpul/cases/migrations/0003_auto_20261125_1200.py": ""}, "name the migration")),
    (MIGRATIONS, Fault({"simpul/cases/migrations/0003_alter_case_words_and_more.py": ""}, "name the migration")),
    (MIGRATIONS, Fault({"simpul/cases/migrations/0003_a_b.py": "from simpul.cases import rules"}, "imports simpul.cases")),
    (PERSONAL, Fault(_model('    personal_data = {"words": "personal"}\n', ""), "`personal_data`")),
    (PERSONAL, Fault(_model('    retention = "five years"\n', ""), "`retention`")),
    (PERSONAL, Fault(_model('"words": "personal"', '"words": "private"'), "the classes are")),
    (PERSONAL, Fault(_model('"words": "personal"', '"phone": "personal"'), "no such column")),
    ("foreign keys point down", Fault(_model('"desks.Desk"', '"letters.Letter"'), "points up to letters")),
    (
        "foreign keys point down",
        Fault(
            {"simpul/accounts/__init__.py": "", "simpul/accounts/models.py": GOOD_MODEL.replace("desks.Desk", "regions.Region")},
            "points up to regions",
        ),
    ),
    ("lists say their own order", Fault(_model("    words =", "    class Meta:\n        ordering = ['id']\n\n    words ="), "ordering")),
    (INLINE, Fault(_page('<p style="color:red">'), "a style attribute")),
    (INLINE, Fault(_page("<style>p{}</style>"), "a <style> element")),
    (INLINE, Fault(_page('<button onclick="a()">'), "an on... attribute")),
    (INLINE, Fault(_page('<button hx-on:click="a()">'), "an on... attribute")),
    (INLINE, Fault(_page("<script>a()</script>"), "a script without src")),
    (INLINE, Fault(_page('<a href="javascript:a()">'), "a javascript: address")),
    (INLINE, Fault(_page('<link rel="stylesheet" href="https://cdn.example/a.css">'), "another site")),
    ("vendored files have their licence", Fault({"simpul/static/vendor/idb/idb.js": ""}, "vendor/idb/idb.js")),
    ("sentences are translated", Fault(_queries("_('Hello %(name)s')\n    gettext('Bye')"), "'Bye'")),
    ("sentences are translated", Fault(_page('{% load i18n %}{% translate "Bye" %}'), "'Bye'")),
    ("sentences are translated", Fault(_page('{% load i18n %}<p title="{{ _("Bye") }}">'), "'Bye'")),
    (
        "sentences are translated",
        Fault({"simpul/cases/locale/id/LC_MESSAGES/django.po": PO.replace("Halo %(name)s", "")}, "'Hello %(name)s'"),
    ),
    (
        "translations keep their places",
        Fault({"simpul/cases/locale/id/LC_MESSAGES/django.po": PO.replace("Halo %(name)s", "Halo")}, "other places"),
    ),
    (
        "translations keep their places",
        Fault({"simpul/cases/locale/id/LC_MESSAGES/django.po": PO.replace('msgid "Hello', '#, fuzzy\nmsgid "Hello')}, "fuzzy"),
    ),
    (
        "one sentence has one translation",
        Fault({"simpul/web/locale/id/LC_MESSAGES/django.po": PO.replace("Halo", "Hai")}, "differently in cases, web"),
    ),
    ("locks name no registry and no machine", Fault({"requirements/run.lock": f"--index-url https://a.example/\n{LOCK}"}, "an address")),
    ("locks name no registry and no machine", Fault({"requirements/run.lock": f"# from /home/a/run.in\n{LOCK}"}, "a machine path")),
    ("locks have hashes", Fault({"requirements/run.lock": f"{LOCK}idna==3.20\n"}, "idna==3.20 has no hash")),
    ("the dev lock contains the run lock", Fault({"requirements/dev.lock": LOCK.replace("5.2.19", "5.2.18")}, "django==5.2.19")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=[f"{name}: {fault.says}" for name, fault in FAULTS])
def test_a_planted_fault_is_found(name: str, fault: Fault, tmp_path: Path) -> None:
    found = RULES[name](plant(tmp_path, {**CLEAN, **fault.files}))
    assert any(fault.says in complaint for complaint in found), found


@pytest.mark.parametrize("name", [name for name in RULES if name != "names in the role table have their act"])
def test_a_clean_house_has_no_findings(name: str, tmp_path: Path) -> None:
    assert RULES[name](plant(tmp_path, CLEAN)) == []


def test_a_step_that_only_its_room_uses_is_no_act(tmp_path: Path) -> None:
    step = 'def give_answer(case: Case) -> None:\n    """Answer."""\n    case.save()\n'
    tree = plant(tmp_path, {**CLEAN, "simpul/cases/actions.py": f"{GOOD_ACT}\n\n{step}"})
    assert [act.node.name for act in acts.acts(tree)] == ["claim_case"]


def test_every_rule_is_proved_by_a_planted_fault() -> None:
    assert {name for name, _ in FAULTS} == set(RULES)


def test_a_name_in_the_role_table_with_its_act_is_no_finding(tmp_path: Path) -> None:
    assert acts.known_but_missing(plant(tmp_path, CLEAN), {"case.claim": "took the matter on"}) == []


def test_act_names_are_made_as_the_role_table_makes_them() -> None:
    for function in ("claim_case", "hand_in_case", "seal_journal", "break_glass_case"):
        assert acts.act_name(function) == roles.act_name(function)


def test_an_address_without_policy_is_found() -> None:
    def bare(request: object) -> HttpResponse:
        return HttpResponse()

    def declared(request: object) -> HttpResponse:
        return HttpResponse()

    declared.policy = "officer"  # type: ignore[attr-defined]
    found = pages.without_policy([path("a/", declared), path("b/", include([path("c/", bare)]))])
    assert len(found) == 1
    assert "/b/c/" in found[0]
