"""Forms of the posyandu as an institution."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from simpul.lib import when
from simpul.lib.actor import Actor
from simpul.lib.ids import uuid7
from simpul.posyandu.actions import institution, institution_papers, institution_people, stock
from simpul.posyandu.queries import institution as queries
from simpul.posyandu.queries import stock as stock_queries
from simpul.posyandu.queries import training as training_queries
from simpul.posyandu.rules import institution as rules
from simpul.posyandu.rules import stock as stock_rules
from simpul.regions import queries as region_queries
from simpul.web import forms, reading
from simpul.web.desk import intake_form, words
from simpul.web.desk.posyandu import shared
from simpul.web.forms import choices
from simpul.web.manage import fields


class OnceForm(forms.Form):
    """A form whose act carries a key, so that a press repeated changes nothing."""

    once = django_forms.UUIDField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("once", str(uuid7()))

    def choose(self, name: str, given: Iterable[Any]) -> None:
        """Set the choices of a field."""
        self.fields[name].explain(given)  # type: ignore[attr-defined]


class VillageForm(forms.Form):
    """In which village a posyandu is set up."""

    place_code = forms.RegionField(label=_("In which village?"))

    def __init__(self, *args: Any, by: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place_code"].find = lambda text: [  # type: ignore[attr-defined]
            pair for pair in intake_form.find_places(by, text) if by.serves(pair[0])
        ]


class PosyanduForm(OnceForm):
    """A posyandu: name, place, fields, when it is held."""

    name = forms.LineField(label=_("Name of the posyandu"), max_length=100)
    hamlet = fields.drop_down(_("Hamlet"), required=False)
    desk = fields.drop_down(
        _("Desk where its matters come in"),
        required=False,
        help_text=_("The desk at which its cadres have their accounts. An administrator opens desks."),
    )
    services = forms.ChoicesField(label=_("Fields of service"))
    rhythm = forms.ChoiceField(label=_("When is it held?"), required=False)
    day = fields.CountField(
        label=_("Day of the month"),
        required=False,
        min_value=1,
        max_value=31,
        help_text=_("A month that has no such day has its posyandu on the last day."),
    )
    week = fields.drop_down(_("Week"), required=False)
    weekday = fields.drop_down(_("Weekday"), required=False)
    starts = fields.TimeField(label=_("Begins at"), required=False)
    secretariat = forms.LineField(
        label=_("Secretariat"),
        required=False,
        max_length=200,
        help_text=_("Where it is held. Everybody can read it: name the place, not a person."),
    )
    norm = fields.CountField(label=_("How many people should serve here?"), min_value=1, max_value=200)
    founded_date = forms.DateField(label=_("Founded on"), required=False)
    position = forms.LineField(
        label=_("Position on the map"),
        required=False,
        max_length=60,
        help_text=_("Latitude and longitude, as a telephone shows them: -5.4321, 119.4567."),
    )

    def __init__(
        self, *args: Any, by: Actor, region_code: str, posyandu: Any | None = None, **options: Any
    ) -> None:
        options["initial"] = {**_first(posyandu), **(options.get("initial") or {})}
        super().__init__(*args, **options)
        language = words.language()
        self.choose(
            "hamlet", [("", "-"), *((str(one.id), one.name) for one in region_queries.hamlets(region_code))]
        )
        desks = queries.desks_free(by, region_code, posyandu)
        own = [posyandu.desk] if posyandu and posyandu.desk else []
        shown = {one.id: one.name for one in [*own, *desks]}
        self.choose("desk", [("", _("none yet")), *((str(key), name) for key, name in shown.items())])
        self.choose("services", [(one.code, one.label(language)) for one in queries.fields()])
        self.choose(
            "rhythm",
            [
                ("", _("not fixed yet")),
                ("day", _("on the same day of each month")),
                ("week", _("on a weekday of each month")),
            ],
        )
        days = [(str(day), when.weekday_name(shared.monday(day), language)) for day in range(1, 8)]
        self.choose("weekday", [("", "-"), *days])
        weeks = {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("last")}
        self.choose("week", [("", "-"), *((str(week), name) for week, name in weeks.items())])

    def clean(self) -> dict[str, Any]:
        """The rhythm that was chosen needs its day."""
        said = super().clean() or self.cleaned_data
        kind = said.get("rhythm")
        if kind == "day" and not said.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Write the day of the month, 1 to 31."))
        if kind == "week":
            for name in ("week", "weekday"):
                if not said.get(name):
                    self.add_error(name, gettext("Choose one answer."))
        return dict(said)

    def clean_position(self) -> tuple[float, float] | None:
        """Both numbers, or none."""
        typed = self.cleaned_data["position"]
        if not typed:
            return None
        parts = typed.replace(";", ",").split(",")
        try:
            north, east = (float(part) for part in parts)
        except ValueError:
            north, east = 999.0, 999.0
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            raise django_forms.ValidationError(
                gettext("Write two numbers with a comma between: -5.4321, 119.4567.")
            )
        return north, east

    def given(self) -> institution.PosyanduGiven:
        """The posyandu as the act takes it."""
        said = self.cleaned_data
        kept: dict[str, int] = {}
        if said["rhythm"] == "day":
            kept = {"day": said["day"]}
        elif said["rhythm"] == "week":
            kept = {"week": int(said["week"]), "weekday": int(said["weekday"])}
        north, east = said["position"] or (None, None)
        return institution.PosyanduGiven(
            name=said["name"],
            hamlet_id=reading.key(said["hamlet"]),
            desk_id=reading.key(said["desk"]),
            fields=tuple(said["services"]),
            norm=said["norm"],
            secretariat=said["secretariat"],
            latitude=north,
            longitude=east,
            schedule=kept,
            starts=said["starts"],
            founded_date=said["founded_date"],
        )

    def refuse(self, refusal: Exception) -> None:
        """Beside its field: the room says "fields" and "schedule" where the form asks differently."""
        asked = {"fields": "services", "schedule": "rhythm"}
        name = getattr(refusal, "field", "")
        if name in asked:
            self.add_error(asked[name], str(refusal))
        else:
            super().refuse(refusal)


def _first(posyandu: Any | None) -> dict[str, Any]:
    """What the form shows at first."""
    if posyandu is None:
        return {"services": queries.default_fields(), "norm": queries.NORM, "rhythm": ""}
    kept = posyandu.schedule
    at = posyandu.latitude, posyandu.longitude
    return {
        "name": posyandu.name,
        "hamlet": str(posyandu.hamlet_id or ""),
        "desk": str(posyandu.desk_id or ""),
        "services": list(posyandu.fields),
        "rhythm": "day" if "day" in kept else "week" if kept else "",
        "day": kept.get("day"),
        "week": str(kept.get("week", "")),
        "weekday": str(kept.get("weekday", "")),
        "starts": posyandu.starts,
        "secretariat": posyandu.secretariat,
        "norm": posyandu.norm,
        "founded_date": posyandu.founded_date,
        "position": f"{at[0]}, {at[1]}" if None not in at else "",
    }


class CadreForm(OnceForm):
    """Somebody of the board or a cadre."""

    name = forms.NameField(label=_("Name"), max_length=150)
    position = forms.ChoiceField(label=_("Position"))
    service = fields.drop_down(
        _("Field"),
        required=False,
        help_text=_("For cadres and heads of a field. Nobody serves in two fields."),
    )
    since_date = forms.DateField(label=_("Serves since"))
    until_date = forms.DateField(
        label=_("Term ends on"), required=False, help_text=_("As the decree says. May stay empty.")
    )
    sex = fields.drop_down(_("Sex"), required=False)
    phone = forms.LineField(label=_("Telephone"), required=False, max_length=30)
    seat = fields.drop_down(
        _("Account"),
        required=False,
        help_text=_("The account with which this person works here, if there is one."),
    )
    another = fields.SwitchField(label=_("another person with this name"), required=False)

    def __init__(
        self, *args: Any, posyandu: Any, seats: Iterable[Any], cadre: Any | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.cadre = cadre
        self.choose("position", choices.pairs(rules.POSITIONS))
        served = [(one.code, one.label(words.language())) for one in queries.fields_of(posyandu)]
        self.choose("service", [("", "-"), *served])
        self.choose("sex", [("", "-"), ("P", _("woman")), ("L", _("man"))])
        rows = [(str(one.id), f"{one.user.full_name} ({one.user.username})") for one in seats]
        self.choose("seat", [("", _("no account")), *rows])
        self.fields[
            "another"
        ].widget = django_forms.HiddenInput()  # asked only when the name is there already

    def given(self) -> institution_people.CadreGiven:
        """The person as the act takes it."""
        said = self.cleaned_data
        return institution_people.CadreGiven(
            name=said["name"],
            position=said["position"],
            field=said["service"],
            since_date=said["since_date"],
            until_date=said["until_date"],
            sex=said["sex"],
            phone=said["phone"],
            person_id=self.cadre.person_id if self.cadre else None,
            seat_id=reading.key(said["seat"]),
            another=said["another"],
        )

    def refuse(self, refusal: Exception) -> None:
        """Beside its field: the room says "field" where the form asks for the service."""
        if getattr(refusal, "code", "") == "cadre.same_name":
            self.fields["another"].widget = django_forms.CheckboxInput()
        if getattr(refusal, "field", "") == "field":
            self.add_error("service", str(refusal))
        else:
            super().refuse(refusal)


class EndForm(forms.Form):
    """The end of a term."""

    ended_date = forms.DateField(label=_("Served until"))
    why = forms.LineField(label=_("Why?"), required=False, max_length=200)


class TrainingForm(forms.Form):
    """A training of several people in several skills."""

    done_date = forms.DateField(label=_("Day of the training"))
    held_by = forms.LineField(label=_("Who held it?"), required=False, max_length=150)
    cadres = forms.ChoicesField(label=_("Who took part?"))
    skills = forms.ChoicesField(label=_("In which skills?"))

    def __init__(self, *args: Any, people: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        rows = [(str(one.id), one.name) for one in people]
        self.fields["cadres"].explain(rows)  # type: ignore[attr-defined]
        language = words.language()
        self.fields["skills"].explain(  # type: ignore[attr-defined]
            forms.Choice(skill.code, skill.label(language), module.label(language))
            for module in training_queries.modules()
            for skill in module.skills
        )


class DecreeForm(OnceForm):
    """A paper of the registration."""

    kind = forms.ChoiceField(label=_("Which paper?"), widget=django_forms.Select)
    number = forms.LineField(label=_("Number of the paper"), required=False, max_length=100)
    decree_date = forms.DateField(label=_("Date of the paper"))
    until_date = forms.DateField(label=_("Valid until"), required=False)
    words = forms.LineField(label=_("Note"), required=False, max_length=200)
    file = django_forms.FileField(
        label=_("Photo or PDF of the paper"), required=False, help_text=_("May stay empty.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("kind", choices.pairs(rules.DECREES))

    def given(self) -> institution_papers.DecreeGiven:
        """The paper as the act takes it."""
        said = self.cleaned_data
        sent = said["file"]
        return institution_papers.DecreeGiven(
            kind=said["kind"],
            number=said["number"],
            decree_date=said["decree_date"],
            until_date=said["until_date"],
            words=said["words"],
            file=institution_papers.Upload(sent.read(), sent.name or "") if sent else None,
        )


class ReceiveForm(OnceForm):
    """Goods that come in: of the catalogue, or of their own."""

    code = forms.ChoiceField(label=_("What came?"), required=False, widget=django_forms.Select)
    name = forms.LineField(
        label=_("Name of other goods"),
        required=False,
        max_length=100,
        help_text=_("Only when it is not on the list above."),
    )
    group = forms.ChoiceField(label=_("Kind of other goods"), required=False, widget=django_forms.Select)
    unit = forms.LineField(label=_("Unit of other goods"), required=False, max_length=20)
    number = fields.CountField(label=_("How many?"))
    done_date = forms.DateField(label=_("Day"))
    whom = forms.LineField(label=_("From which office?"), required=False, max_length=100)
    words = forms.LineField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = words.language()
        rows = [(one.code, f"{one.label(language)} ({one.unit})") for one in stock_queries.kits().values()]
        self.choose("code", [("", _("something else")), *rows])
        self.choose("group", choices.pairs(stock_rules.GROUPS))
        self.initial.setdefault("number", 1)
        self.initial.setdefault("group", "other")

    def clean(self) -> dict[str, Any]:
        """Something was named."""
        said = super().clean() or self.cleaned_data
        if not said.get("code") and not said.get("name"):
            self.add_error("code", gettext("Choose what came, or write its name."))
        return dict(said)

    def item(self) -> stock.ItemGiven:
        """Which goods."""
        said = self.cleaned_data
        if said["code"]:
            return stock.ItemGiven(code=said["code"])
        return stock.ItemGiven(name=said["name"], group=said["group"] or "other", unit=said["unit"])

    def given(self) -> stock.MoveGiven:
        """The movement as the act takes it."""
        return move_of(self.cleaned_data)


class MoveForm(OnceForm):
    """One movement of goods. What a movement needs is asked; the rest is left out."""

    number = fields.CountField(label=_("How many?"))
    good = fields.CountField(label=_("Usable ones counted here"), min_value=0)
    broken = fields.CountField(label=_("Broken ones counted here"), min_value=0)
    cadre = fields.drop_down(_("Who?"), required=False)
    straight = fields.SwitchField(
        label=_("It went straight to this person and never lay here"), required=False
    )
    state = forms.ChoiceField(label=_("How does it come back?"), inline=True)
    place = forms.ChoiceField(label=_("What is written off?"))
    done_date = forms.DateField(label=_("Day"))
    words = forms.LineField(label=_("Note"), required=False, max_length=200)
    ASKED = {
        "serahkan": ("number", "cadre", "straight"),
        "kembali": ("number", "cadre", "state"),
        "rusak": ("number",),
        "perbaiki": ("number",),
        "hapus": ("number", "place", "cadre"),
        "hitung": ("good", "broken"),
        "terima": ("number",),
    }

    def __init__(
        self, *args: Any, step: str, today: date, people: Iterable[Any], item: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name in ("number", "good", "broken", "cadre", "straight", "state", "place"):
            if name not in self.ASKED[step] or (name == "straight" and item.used_up):
                del self.fields[name]
        self.initial.update({"done_date": today, "number": 1, "good": item.good, "broken": item.broken})
        if "cadre" in self.fields:
            self.choose("cadre", [("", "-"), *((str(one.id), one.name) for one in people)])
        if "state" in self.fields:
            self.choose("state", [("whole", _("usable")), ("broken", _("broken"))])
            self.initial["state"] = "whole"
        if "place" in self.fields:
            self.choose("place", choices.pairs(stock_rules.PLACES))
            self.initial["place"] = "broken"
        if step == "hapus":
            self.fields["words"].label = _("Why?")

    def given(self) -> stock.MoveGiven:
        """The movement as the act takes it."""
        return move_of(self.cleaned_data)


def move_of(said: dict[str, Any]) -> stock.MoveGiven:
    """What a form said of a movement."""
    return stock.MoveGiven(
        number=said.get("number") or 0,
        done_date=said["done_date"],
        cadre_id=reading.key(said.get("cadre") or ""),
        whom=said.get("whom") or "",
        words=said.get("words") or "",
    )
