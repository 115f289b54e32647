"""What a person's situation is: the fields of BDT and DTSEN about people, and flags that only few may see."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from simpul.lib.fields import Model


def _code() -> models.CharField[str, str]:
    return models.CharField(max_length=16, blank=True, default="")


def _said() -> models.BooleanField[bool | None, bool | None]:
    return models.BooleanField(null=True)


def _number() -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(null=True)


class Profile(models.Model):
    """A person's schooling, work, health and papers. Apart from the person, because far fewer acts need it.

    An empty column is *unknown*. Codes carry the version of their list ("bdt/3").
    """

    personal_data: ClassVar[dict[str, str]] = {
        "marital": "specific",
        "marriage_book": "specific",
        "in_kk": "specific",
        "id_papers": "specific",
        "pregnant": "specific",
        "pregnancies": "specific",
        "disability": "specific",
        "severe_disability": "specific",
        "function_limit": "specific",
        "chronic": "specific",
        "nutrition": "specific",
        "schooling": "specific",
        "class_reached": "specific",
        "school_level": "specific",
        "diploma": "specific",
        "works": "specific",
        "industry": "specific",
        "job_status": "specific",
        "income_month": "specific",
        "office": "specific",
        "pension": "specific",
        "wage_above_minimum": "specific",
        "orphan": "specific",
        "dropped_out_returning": "specific",
        "imprisoned_parent": "specific",
        "kis_state": "specific",
        "kis_number": "specific",
        "kip_number": "specific",
        "student_number": "specific",
        "mother_name": "specific",
    }
    retention: ClassVar[str] = "as long as the person"

    person = models.OneToOneField(
        "Person", primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    marital = _code()
    marriage_book = _code()
    in_kk = _said()
    id_papers = _number()  # bits: 1 birth certificate, 2 student card, 4 KTP, 8 driving licence
    pregnant = _said()
    pregnancies = _number()
    disability = _code()
    severe_disability = _said()
    function_limit = _code()
    chronic = _code()
    nutrition = _code()
    schooling = _code()
    class_reached = _number()
    school_level = _code()
    diploma = _code()
    works = _said()
    industry = _code()
    job_status = _code()
    income_month = models.BigIntegerField(null=True)  # rupiah
    office = models.CharField(max_length=24, blank=True)
    """A position that some programmes exclude: none, civil_servant, army, police, village_official, certified_teacher,
    health_worker, company_owner, social_facilitator; "" is unknown."""
    pension = _said()
    wage_above_minimum = _said()
    orphan = _said()
    dropped_out_returning = _said()
    imprisoned_parent = _said()
    kis_state = models.CharField(max_length=12, blank=True)  # active, inactive, none; "" unknown
    kis_number = models.CharField(max_length=20, blank=True)
    kip_number = models.CharField(max_length=20, blank=True)
    student_number = models.CharField(max_length=20, blank=True)
    mother_name = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.person_id)


class Flag(Model):
    """A PPKS category (people in need of social services) that somebody with a duty set on a person.

    The categories and which of them are sensitive: ``people/catalogue/ppks.toml`` (Permensos 8/2012; secondary). A sensitive flag is
    seen by who was assigned to the person's matter and by the roles named in ``people.access.flags``; never by area alone.
    """

    personal_data: ClassVar[dict[str, str]] = {"category": "safeguarding", "note": "safeguarding"}
    retention: ClassVar[str] = "2 years after it ended"

    person = models.ForeignKey("Person", on_delete=models.CASCADE, related_name="flags")
    category = models.PositiveSmallIntegerField()  # 1..26
    note = models.TextField(blank=True)
    source = models.CharField(max_length=24)
    since_date = models.DateField()
    ended_date = models.DateField(null=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    desk_id = models.UUIDField(null=True)  # the desk whose officers read it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(category__range=(1, 26)), name="flag_category_1_to_26"),
            models.UniqueConstraint(
                "person",
                "category",
                "desk_id",
                name="flag_once_for_a_desk",
                condition=models.Q(ended_date=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.category}"
