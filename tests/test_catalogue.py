"""What may be reported, as wiring puts it together from the settings."""

from config import load
from store.engine import open_engine
from wiring import House


def test_every_category_can_be_registered_also_one_that_only_a_feed_knows():
    catalogue = House(load(None, {}), open_engine("sqlite://")).catalogue
    names = [*catalogue.by_name, "of a feed"]
    assert [
        name for name in names if not all(c.name and c.limit.amount > 0 for c in catalogue.of(name).conditions)
    ] == []
    assert catalogue.of("of a feed").condition("一般情形") is not None
