"""Judging what was asked: tuberculosis, lungs, daily life, elders, the mind, illness."""

from __future__ import annotations

from simpul.posyandu.rules import scores
from simpul.posyandu.rules.judging.shapes import Entry, Found, classed, made


def tuberculosis(entry: Entry) -> Found:
    """Signs by how many the version wants; a close contact is referred even without signs where the version says so."""
    version = entry.book["tbc"]
    data = version.data
    score = scores.tbc(entry.said, contact_counts=bool(data["contact_counts"]))
    contact = entry.said(scores.TBC_CONTACT) is True
    if not score.asked:
        return
    if score.total >= int(data["least"]):
        yield made(version, "signs", "alert", refer=True, finding=str(data["finding"]))
    elif score.total:
        yield made(version, "few", "watch")
    elif not contact and score.finished:
        yield made(version, "none", "good")
    if contact and data["contact_refers"]:
        yield made(version, "contact", "alert", refer=True, finding=str(data["contact_finding"]))


def lungs(entry: Entry) -> Found:
    """PUMA from 40 years; a high score counts even unfinished, a low one only when all was answered."""
    points, version, months = entry.book.data("puma_points"), entry.book["puma_refer"], entry.months
    if months is None or months < int(points["from_month"]):
        return
    score = scores.puma(
        sex=entry.subject.sex, age_months=months, said=entry.said, points=entry.points, data=points
    )
    if not score.asked:
        return
    least = int(version.data["least"]) if "least" in version.data else int(version.data["above"]) + 1
    if score.total >= least:
        yield made(version, "high", "alert", refer=True, finding=str(version.data["finding"]))
    elif score.finished:
        yield made(version, "low", "good")
    else:
        yield made(version, "unfinished", "info")


def daily_life(entry: Entry) -> Found:
    """AKS: only when all ten are answered, since a missing answer looks like dependence."""
    version = entry.book["aks"]
    score = scores.aks(entry.points, version.data)
    if score.finished:
        yield classed(version, score.total)
    elif score.asked:
        yield made(version, "unfinished", "info")


def elders(entry: Entry) -> Found:
    """SKILAS: any sign."""
    version = entry.book["skilas"]
    score = scores.skilas(entry.said, entry.number("muac_mm", "muac"), version.data)
    if not score.asked:
        return
    if score.total:
        yield made(version, "signs", "watch", refer=True, finding=str(version.data["finding"]))
    elif score.finished:
        yield made(version, "none", "good")
    else:
        yield made(version, "unfinished", "info")


def mind(entry: Entry) -> Found:
    """SRQ-20 by number or by question 17 alone, and the card's four questions."""
    version = entry.book["srq"]
    score, suicide = scores.srq(entry.said, version.data)
    if suicide:
        yield made(version, "suicide", "danger", refer=True, finding=str(version.data["suicide_finding"]))
    if score.total >= int(version.data["least"]):
        yield made(version, "refer", "alert", refer=True, finding=str(version.data["finding"]))
    elif score.asked and not suicide:
        yield made(version, "none" if score.finished else "unfinished", "good" if score.finished else "info")
    four, short = entry.book["mind"], scores.mind(entry.points)
    if short.total >= int(four.data["least"]):
        yield made(four, "refer", "alert", refer=True, finding=str(four.data["finding"]))
    elif short.asked:
        yield made(four, "none" if short.finished else "unfinished", "good" if short.finished else "info")


def illness(entry: Entry) -> Found:
    """Signs of illness that were written down, fever, and danger signs that were ticked."""
    version = entry.book["danger"]
    if entry.values.get("danger_signs"):
        yield made(version, "sign", "danger", refer=True, finding=str(version.data["finding"]))
    heat = entry.points("temperature")
    if heat is not None and heat >= int(version.data["temperature"]):
        yield made(version, "fever", "alert", refer=True)
    if str(entry.values.get("illness") or "").strip() not in ("", "-", "False"):
        yield made(version, "ill", "watch")


JUDGES = (tuberculosis, lungs, daily_life, elders, mind, illness)
