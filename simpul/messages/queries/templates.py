"""Approved templates as administrators see them: those of a gateway, texts without one, and how one reads."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from simpul.messages.models import Template
from simpul.messages.queries import wording
from simpul.messages.rules import templates as rules


def templates_of(gateway_id: UUID) -> list[Template]:
    """All templates of a gateway, by the text they stand for."""
    return list(Template.objects.filter(gateway_id=gateway_id).order_by("text_key", "name", "language"))


def template(gateway_id: UUID, template_id: UUID) -> Template | None:
    """One template of a gateway."""
    return Template.objects.filter(id=template_id, gateway_id=gateway_id).first()


def without_template(gateway_id: UUID) -> list[str]:
    """Keys of texts for residents that have no approved template here: outside the 24 hours they take another road."""
    have = set(
        Template.objects.filter(gateway_id=gateway_id, state="approved").values_list("text_key", flat=True)
    )
    return [key for key, kind in wording.catalogue().items() if kind.to == "person" and key not in have]


def preview(body: str, variables: Sequence[str]) -> str:
    """How a template reads with sample values; an unknown variable stays in its braces."""
    samples = wording.samples()
    samples |= wording.common_values(samples["to_name"])
    return rules.filled(body, [samples.get(name, "{" + name + "}") for name in variables])
