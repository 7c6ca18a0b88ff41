import itertools

import pytest
from dash import dcc, html

from components.charts import CONFIG, SEPARATORS, figure, graph, template
from components.theme import THEMES
from tests.components.trees import tree


def colours(value):
    """Every colour written #RRGGBB inside a template."""
    if isinstance(value, dict):
        return set(itertools.chain.from_iterable(colours(v) for v in value.values()))
    if isinstance(value, list):
        return set(itertools.chain.from_iterable(colours(v) for v in value))
    return {value} if isinstance(value, str) and value.startswith("#") else set()


def tokens(theme):
    return {v for v in vars(theme).values() if isinstance(v, str) and v.startswith("#")}


@pytest.mark.parametrize("name", THEMES)
def test_a_template_uses_colours_of_its_theme_only(name):
    assert colours(template(name)) <= tokens(THEMES[name])


@pytest.mark.parametrize("name", THEMES)
def test_no_alarm_colour_is_in_a_chart(name):
    assert not colours(template(name)) & {alarm.colour for alarm in THEMES[name].alarms}


def test_a_chart_never_offers_to_send_its_data_away():
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False
    assert CONFIG["displayModeBar"] is False


def test_numbers_are_written_with_a_point_and_commas():
    assert {template(name)["layout"]["separators"] for name in THEMES} == {SEPARATORS} == {".,"}


def test_a_figure_holds_its_numbers_and_no_colour_of_its_own():
    drawn = figure([{"type": "bar", "x": ["a"], "y": [1]}], theme="dark", height=100)
    assert drawn["data"] == [{"type": "bar", "x": ["a"], "y": [1]}]
    assert drawn["layout"]["template"] == template("dark")
    assert drawn["layout"]["meta"]["templates"] == {"dark": template("dark"), "light": template("light")}
    assert drawn["layout"]["height"] == 100


def test_the_series_comes_first_and_its_comparison_second():
    for name, theme in THEMES.items():
        first, second = (bar["marker"]["color"] for bar in template(name)["data"]["bar"][:2])
        assert (first, second) == (theme.accent, theme.line_strong)


def test_a_graph_is_a_named_picture():
    drawn = figure([])
    chart = dcc.Graph(id="a", figure=drawn, config=CONFIG, style={"height": "120px"})
    expected = html.Figure(chart, role="img", className="gh-chart", **{"aria-label": "words"})
    assert tree(graph(drawn, graph_id="a", label="words", height_px=120)) == tree(expected)
