"""A resident's report: one form makes one case and one code, and what does not fit makes nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from actions.erase_contacts import erase_contacts, remove_loose
from actions.move import move
from actions.photos import keep_photo
from actions.places import NewPlace, make_places, revoke_place
from actions.rate import rate
from actions.report_publicly import Told, keep_public_photo, report_publicly
from config_public import Public
from domain.actor import PUBLIC
from domain.refusal import Refused
from domain.tracking import cleaned, grouped, new_form
from store.engine import write
from store.schema import case_steps, cases
from store.schema_public import photos, places, public_reports, reporters
from store.schema_trust import audit
from tests.tiletown import NOW, SOUTH, STEP, WEST, open_town
from tests.worktown import SECRET, picture, work_in, worker
from views.photos import marked
from views.tracked import tracked

RULES = Public(reports_per_hour=3)
HERE = {"longitude": str(WEST + STEP / 2), "latitude": str(SOUTH + STEP / 2)}
TABLES = (cases, case_steps, reporters, photos, public_reports, audit)


@pytest.fixture
def town(tmp_path, tables_url):
    made = open_town(tmp_path, tables_url)
    yield made
    made.close()


@pytest.fixture
def work(town, tmp_path):
    return work_in(town, tmp_path)


def form(number: int = 1, at: int = NOW) -> str:
    return new_form(SECRET, number.to_bytes(16), at)


def told(number: int = 1, **more) -> Told:
    return Told(form(number), **{"group": "road", "text": "cracked", "phone": "138 1234 5678", **HERE, **more})


def send(work, what, client="10.0.0.1", now=NOW):
    return report_publicly(work, RULES, what, client=client, now=now)


def rows(work, table):
    with work.site.engine.connect() as connection:
        return connection.execute(sa.select(table)).all()


def test_a_report_is_a_case_with_its_place_and_its_reporter(work):
    code = send(work, told(spot="18 North Street"))
    (case,) = rows(work, cases)
    (reporter,) = rows(work, reporters)
    assert (case.title, case.text, case.status) == ("18 North Street manhole", "cracked", "reported")
    assert work.site.areas.code[work.site.areas.position_of_id[case.area_id]] == "A1"
    assert (reporter.case_id, reporter.phone, reporter.expires_at) == (case.id, "13812345678", NOW + RULES.code_seconds)
    assert len(code) >= 12
    assert code not in str([rows(work, table) for table in TABLES]), "the code itself is kept nowhere"
    assert "1381" not in str(rows(work, audit))


def test_the_same_form_again_gives_the_same_code_and_no_second_case(work):
    assert send(work, told()) == send(work, told(), now=NOW + 60) == send(work, told(text="changed"), client="10.9.9.9")
    assert len(rows(work, cases)) == len(rows(work, reporters)) == len(rows(work, case_steps)) == 1
    assert send(work, told(2)) != send(work, told(1))


def test_the_same_form_from_many_sides_at_once_makes_one_case(work):
    with ThreadPoolExecutor(8) as crowd:
        codes = set(crowd.map(lambda _n: send(work, told()), range(8)))
    assert len(codes) == 1
    assert len(rows(work, cases)) == len(rows(work, reporters)) == len(rows(work, case_steps)) == 1


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"group": ""}, "missing"),
        ({"group": "spaceships"}, "missing"),
        ({"longitude": "", "latitude": ""}, "missing"),
        ({"longitude": "20.3", "latitude": "40.7"}, "missing"),
        ({"longitude": "abc"}, "invalid"),
        ({"longitude": "nan"}, "invalid"),
        ({"latitude": "1e400"}, "invalid"),
        ({"longitude": "", "latitude": "", "area": "nowhere"}, "missing"),
        ({"text": "x" * 10_000}, "invalid"),
        ({"text": "a\ud800b"}, "invalid"),
        ({"text": "a\x00b"}, "invalid"),
        ({"spot": "a\ufffdb"}, "invalid"),
        ({"spot": "x" * 101}, "invalid"),
        ({"phone": "call me"}, "invalid"),
        ({"phone": "1" * 20}, "invalid"),
        ({"trap": "http://spam.example"}, "invalid"),
        ({"photos": [1]}, "invalid"),
        ({"photos": [1, 2, 3, 4]}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(work, more, kind):
    before = [rows(work, table) for table in TABLES]
    with pytest.raises(Refused) as refused:
        send(work, told(**more))
    assert refused.value.kind == kind
    assert [rows(work, table) for table in TABLES] == before


@pytest.mark.parametrize(
    "bad", ["", "x", form()[:-1] + "x", form(at=NOW - RULES.form_seconds - 1), form(at=NOW + 3_600), "９.a.b", "1.é.x"]
)
def test_a_form_that_was_not_given_out_or_too_long_ago_makes_nothing(work, bad):
    with pytest.raises(Refused):
        send(work, Told(bad, group="road", **HERE))
    with pytest.raises(Refused):
        keep_public_photo(work, RULES, bad, picture(), client="c", now=NOW)
    assert not rows(work, cases)
    assert not rows(work, photos)


def test_a_client_may_report_so_often_an_hour_and_another_one_still(work):
    for number in range(3):
        send(work, told(number))
    with pytest.raises(Refused) as refused:
        send(work, told(9))
    assert refused.value.kind == "limit"
    send(work, told(9), client="10.0.0.2")
    send(work, told(10), now=NOW + 3_601)
    assert "10.0.0" not in str(rows(work, public_reports))


def test_photos_go_with_the_form_that_sent_them_and_with_no_other(work):
    number = keep_public_photo(work, RULES, form(1), picture(), client="c", now=NOW)
    with pytest.raises(Refused):
        send(work, told(2, photos=[number]))
    code = send(work, told(1, photos=[number]))
    (photo,) = rows(work, photos)
    assert (photo.case_id, photo.kind) == (rows(work, cases)[0].id, "before")
    ((name, _at),) = tracked(work, code, now=NOW).before
    assert marked(work, name).is_file()
    assert marked(work, name[:-1] + ("0" if name[-1] != "0" else "1")) is None
    assert marked(work, str(number)) is None


def test_the_place_of_a_code_gives_point_and_name_until_it_is_revoked(work):
    leader = worker("shift_leader", "B")
    (place_id,) = make_places(
        work.site, leader, [NewPlace("North gate", "B1", WEST + 2.5 * STEP, SOUTH + STEP / 2)], now=NOW
    )
    send(work, Told(form(1), group="rubbish", place=place_id))
    (case,) = rows(work, cases)
    assert case.title == "North gate litter"
    assert work.site.areas.code[work.site.areas.position_of_id[case.area_id]] == "B1"
    revoke_place(work.site, leader, place_id, now=NOW)
    with pytest.raises(Refused):
        send(work, Told(form(2), group="rubbish", place=place_id))
    with pytest.raises(Refused):
        revoke_place(work.site, leader, place_id, now=NOW)


def test_a_place_without_a_point_gives_its_area(work):
    (place_id,) = make_places(work.site, worker("leader"), [NewPlace("Grid", "B2")], now=NOW)
    send(work, Told(form(1), group="rubbish", place=place_id))
    (case,) = rows(work, cases)
    assert work.site.areas.code[work.site.areas.position_of_id[case.area_id]] == "B2"


@pytest.mark.parametrize(
    ("actor", "place"),
    [
        (worker("officer"), NewPlace("Gate", "A")),
        (worker("auditor"), NewPlace("Gate", "A")),
        (worker("leader", "B"), NewPlace("Gate", "A")),
        (worker("leader", "B"), NewPlace("Gate", "")),
        (worker("leader"), NewPlace("Gate", "nowhere")),
        (worker("leader"), NewPlace(" ", "A")),
        (worker("leader"), NewPlace("x" * 101, "A")),
    ],
)
def test_a_place_is_made_by_a_leader_within_their_areas(work, actor, place):
    with pytest.raises(Refused):
        make_places(work.site, actor, [NewPlace("Gate", "A1"), place], now=NOW)
    assert not rows(work, places)


def to_the_end(work, case_id, now=NOW):
    """Every move of a case that goes well."""
    photo = work_photo(work, "handler")
    moves = [
        ("intake", "register", {"condition": "cracked"}), ("dispatcher", "dispatch", {"department": "roads"}),
        ("handler", "accept", {"handler": "handler"}), ("handler", "finish", {"result": "secret words", "after": [photo]}),
        ("verifier", "check", {"passed": "yes"}), ("intake", "close", {"close_condition": "mended"}),
    ]  # fmt: skip
    for version, (role, name, fields) in enumerate(moves, start=1):
        actor = worker(role, department="roads" if role == "handler" else "")
        move(work, actor, case_id, name, fields, version=version, now=now)


def work_photo(work, login):
    return keep_photo(work, worker(login), picture(colour="#5FD08B"), now=NOW)


def test_a_code_shows_steps_and_departments_and_neither_names_nor_notes(work):
    code = send(work, told())
    assert [step.label for step in tracked(work, code, now=NOW).steps] == ["Submitted"]
    to_the_end(work, rows(work, cases)[0].id)
    shown = tracked(work, code, now=NOW)
    assert [step.label for step in shown.steps] == [
        "Submitted", "Given to {department}", "It is mended", "Verified and settled",
    ]  # fmt: skip
    assert shown.steps[1].department == "roads"
    assert (shown.closed, shown.level, shown.reopens, len(shown.after)) == (True, None, True, 1)
    assert "secret" not in str(shown)
    assert "handler" not in str(shown)
    assert "1381" not in str(shown)


def test_a_low_rating_soon_after_the_end_opens_the_case_again_once(work):
    code = send(work, told())
    case_id = rows(work, cases)[0].id
    to_the_end(work, case_id)
    assert rate(work, PUBLIC, case_id, "dissatisfied", "still there", now=NOW + 60)
    shown = tracked(work, code, now=NOW + 60)
    assert (shown.closed, shown.after, shown.steps[-1].label) == (False, (), "Taken up once more")


def test_unknown_expired_and_impossible_codes_are_nothing_alike(work):
    code = send(work, told())
    assert tracked(work, code, now=NOW + RULES.code_seconds - 1) is not None
    assert tracked(work, code, now=NOW + RULES.code_seconds) is None
    assert tracked(work, "AAAABBBBCCCC", now=NOW) is None
    assert tracked(work, "", now=NOW) is None


def test_a_code_is_read_as_people_write_it(work):
    code = send(work, told())
    for written in (grouped(code), grouped(code).lower(), f" {code} ", grouped(code).replace("-", " ")):
        assert cleaned(written) == code
    for wrong in ("", code[:-1], code + "A", code[:-1] + "0", "'" + code[1:], "x" * 5_000):
        assert cleaned(wrong) == ""


def test_the_reporter_of_a_merged_report_hears_how_the_main_one_goes(work):
    send(work, told(1))
    mine = send(work, told(2))
    main, child = (row.id for row in rows(work, cases))
    number = rows(work, cases)[0].external_id
    move(work, worker("intake"), child, "merge", {"main": number}, version=1, now=NOW + 1)
    to_the_end(work, main, NOW + 2)
    shown = tracked(work, mine, now=NOW + 3)
    labels = [step.label for step in shown.steps]
    assert labels[:3] == ["Submitted", "Handled together with another report of the same", "Given to {department}"]
    assert labels[-1] == "Verified and settled"
    assert shown.closed
    assert shown.after == (), "the photos of another's report stay with it"


def test_name_and_number_are_erased_a_set_time_after_the_end_and_figures_stay(work):
    code = send(work, told())
    to_the_end(work, rows(work, cases)[0].id)
    late = NOW + RULES.contact_seconds
    assert erase_contacts(work, RULES, now=late - 1) == 0
    assert rows(work, reporters)[0].phone
    before = rows(work, cases)
    assert erase_contacts(work, RULES, now=late) == 1
    assert erase_contacts(work, RULES, now=late) == 0
    (reporter,) = rows(work, reporters)
    assert (reporter.phone, reporter.name, reporter.erased_at) == (None, None, late)
    assert rows(work, cases) == before
    assert rows(work, audit)[-1].action == "contact.erase"
    assert tracked(work, code, now=late) is not None


def test_marks_of_clients_go_after_a_day(work):
    send(work, told())
    remove_loose(work, now=NOW + 86_401)
    assert not rows(work, public_reports)
    with write(work.site.engine) as connection:
        connection.execute(sa.delete(photos))
