"""The house rules that imports cannot show, asked of the tree as it is. docs/map.md tells them in words."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test import override_settings
from django.urls import get_resolver

from tests.house import pages, source
from tests.house.rules import RULES, Rule


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    found = rule(source.REPOSITORY)
    assert not found, "\n" + "\n".join(found)


def test_every_address_has_a_declared_policy() -> None:
    found = pages.without_policy(get_resolver().url_patterns)
    assert not found, "\n" + "\n".join(found)


def test_every_package_has_a_seat_on_a_floor() -> None:
    seats = source.floors()
    strangers = [
        folder.name
        for folder in (source.REPOSITORY / "simpul").iterdir()
        if (folder / "__init__.py").exists() and folder.name not in seats
    ]
    assert not strangers, (
        f"Give {strangers} a line in the contract 'floors' of pyproject.toml, after a decision page."
    )


@override_settings(MIGRATION_MODULES={})  # tests make their tables without them (--nomigrations)
def test_migrations_are_up_to_date_with_the_models() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(
        graph=loader.graph
    )
    ours = {
        label: [str(migration) for migration in found]
        for label, found in changes.items()
        if apps.get_app_config(label).name.startswith("simpul.")
    }
    assert not ours, f"The models changed without a migration: {ours}"


def test_every_catalogue_says_its_plural_form() -> None:
    """Indonesian has one form; a catalogue that does not say so shows plurals in English."""
    silent = [
        str(path.relative_to(source.REPOSITORY))
        for path in sorted((source.REPOSITORY / "simpul").glob("**/locale/id/LC_MESSAGES/django.po"))
        if "Plural-Forms: nplurals=1; plural=0;" not in path.read_text(encoding="utf-8")[:1500]
    ]
    assert not silent, f"Add the header Plural-Forms to {silent}"
