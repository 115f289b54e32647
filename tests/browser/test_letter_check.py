"""The checking page on a phone: opened once with a network, it judges codes without one."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.browser.conftest import Site
from tests.browser.people import Arrive
from tests.letters import make_vectors

PAGE = "/surat/periksa/"


def test_a_code_is_judged_with_the_network_gone(visitor: Arrive, site: Site) -> None:
    page = visitor(phone=True)
    page.goto(PAGE)
    expect(page.locator("[data-letter-kept]")).to_be_visible(timeout=15_000)
    samples = json.loads(make_vectors.FILE.read_text(encoding="utf-8"))
    kept = json.dumps(samples["known"])
    page.evaluate(
        """async (body) => {
            const name = (await caches.keys()).find((one) => one.startsWith("simpul-surat-"));
            const kept = await caches.open(name);
            await kept.put("/surat/periksa/kunci.json", new Response(body, { headers: { "Content-Type": "application/json" } }));
        }""",
        kept,
    )
    page.context.set_offline(True)
    page.reload()
    for name, words in (
        ("without an end", "Asli dan berlaku"),
        ("taken back", "Ditarik kembali oleh desa"),
        ("another key under this name", "Tidak asli"),
        ("the key of another village", "kunci desa lain"),
    ):
        text = next(one["text"] for one in samples["cases"] if one["name"] == name)
        page.locator("#kode").fill(text)
        page.get_by_role("button", name="Periksa surat ini").click()
        expect(page.locator("[data-letter-result]")).to_contain_text(words)
    page.context.set_offline(False)
