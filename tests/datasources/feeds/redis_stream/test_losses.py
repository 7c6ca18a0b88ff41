"""What a group can no longer be given, by the counts of Redis 7.0 and of later ones."""

import pytest

from datasources.feeds.redis_stream.losses import missed
from datasources.feeds.redis_stream.stream import Standing

RULES = {
    "an older server counts nothing": (Standing("9-0", "8-0", "1-0", None, 2), 0, (0, 0)),
    "first look at a group that begins late": (Standing("9-0", "1-0", "9-0", 5, 9), None, (0, 5)),
    "all was given": (Standing("9-0", "1-0", "9-0", 0, 9), 0, (0, 0)),
    "twenty wait, eleven of them are gone": (Standing("20-0", "16-0", "4-0", 16, 5), 0, (11, 11)),
    "told of, and still counted": (Standing("20-0", "1-0", "20-0", 11, 5), 11, (0, 11)),
    "told of, and taken off once it read on": (Standing("20-0", "1-0", "20-0", 0, 5), 11, (0, 0)),
    "taken off, and three more are gone": (Standing("25-0", "24-0", "20-0", 5, 2), 11, (3, 3)),
    "two more, the stream is empty": (Standing("22-0", None, "20-0", 13, 0), 11, (2, 13)),
    "trimmed between two looks, the rest was given": (Standing("30-0", "29-0", "30-0", 8, 2), 0, (8, 8)),
    "in the midst of the rest": (Standing("20-0", "10-0", "15-0", 5, 11), 3, (0, 3)),
}


@pytest.mark.parametrize("rule", RULES)
def test_missed(rule):
    standing, known, expected = RULES[rule]
    assert missed(standing, known) == expected
