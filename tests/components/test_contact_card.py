"""The card of a reporter: masked, with a form for those who may ask."""

from components.contact_card import contact_card
from tests.components.trees import found, texts
from views.contacts import Masked

LI = Masked("张*三", "138****5678", False)
GONE = Masked("", "", True)


def forms(card):
    return [node for node in found(card) if node.get("className") == "gh-reveal"]


def test_nobody_is_no_card():
    assert contact_card(1, (), may_reveal=True) is None


def test_a_reporter_is_shown_masked_and_whole_only_on_asking():
    card = contact_card(7, (LI,), may_reveal=True)
    assert "张*三" in texts(card)
    assert "138****5678" in texts(card)
    (form,) = forms(card)
    assert form["data-case"] == "7"
    assert forms(contact_card(7, (LI,), may_reveal=False)) == []


def test_of_what_was_erased_nothing_can_be_asked():
    assert forms(contact_card(7, (GONE,), may_reveal=True)) == []
