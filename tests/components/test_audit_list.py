"""The audit record drawn: chain, rows with their words, what verifying came to."""

from zoneinfo import ZoneInfo

from components.audit_list import HEADS, audit_form, audit_head, audit_table, verdict
from components.words import _
from tests.components.trees import found, texts
from views.audit import Chain

ZONE = ZoneInfo("Asia/Shanghai")
ROW = {
    "id": 1, "at": 1_700_000_000, "actor": "li", "role": "intake", "via": "web", "action": "case.move",
    "subject": "case:1", "result": "refused", "detail": '{"why":"stale"}',
}  # fmt: skip


def test_the_head_tells_how_far_the_record_is_sealed():
    sealed = texts(audit_head(5, Chain(3, "ab" * 32, 1_700_000_000, 2), "/export/audit.csv", ZONE))
    assert "abababababababab…" in sealed
    assert _("Not sealed yet; {n} rows wait", n=5) in texts(
        audit_head(5, Chain(0, "", None, 5), "/export/audit.csv", ZONE)
    )


def test_a_row_says_who_did_what_to_what_and_how_it_went():
    said = texts(audit_table([ROW, ROW | {"via": "odd", "role": "odd", "detail": "{}"}], ZONE))
    for part in ("li", _("Browser"), "case.move", "case:1", _("Turned down"), "stale", "odd"):
        assert part in said
    cells = [node for node in found(audit_table([ROW], ZONE)) if "data-label" in node]
    assert len(cells) == len(HEADS)


def test_the_form_keeps_what_was_asked():
    fields = {
        node["name"]: node.get("value")
        for node in found(audit_form({"actor": "li"}, ("case.move",)))
        if node.get("name")
    }
    assert fields["actor"] == "li"
    assert set(fields) == {"since", "until", "actor", "action", "subject", "result"}


def test_verifying_says_yes_or_what_differs():
    assert "4" in texts(verdict((), 4, 0))
    assert "row 3 of seal 1 was changed" in texts(verdict(("row 3 of seal 1 was changed",), 4, 0))
