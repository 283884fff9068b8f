"""The report is one file, asks nothing of the network, and holds what a strategist needs."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from experiments.analysis import analyse
from experiments.figures import draw_all
from experiments.report import Setting, assumptions, digest, money_rows, unknown_rows, write_report
from experiments.screen import comparison_tables
from experiments.settings import RunSettings, Unknowns
from experiments.unknowns import ranges
from sim.params.behaviour import Sharing
from sim.params.field import extras, replace
from sim.params.organisation import Customers, Organisation, Segment, Silo
from sim.params.scenario import Scenario
from sim.params.strategy import Strategy
from tests.synthetic import study

SCENARIO = Scenario(organisation=Organisation(
    name="A <b>& Co</b>",
    silos={"one": Silo(headcount_share=0.5, home_share=1.0), "two": Silo(headcount_share=0.5)},
    customers=Customers(segments={"all": Segment(share=1.0)}),
))
PLANS = {"as_is": Strategy(), "unlock": Strategy(name="unlock", initiatives={"insight_system": 3}, support=0.5)}


class Outline(HTMLParser):
    """Open tags and everything that points somewhere."""

    def __init__(self):
        super().__init__()
        self.open, self.links, self.alts = [], [], []

    def handle_starttag(self, tag, attrs):
        self.open += [tag] if tag not in {"meta", "img", "br"} else []
        self.links += [value for name, value in attrs if name in {"src", "href"}]
        self.alts += [dict(attrs).get("alt")] if tag == "img" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def written(tmp_path, strategies=("as_is", "unlock"), drawn=True):
    some = study(strategies, replicates=4, months=12)
    found = analyse(some)
    unknown = ranges(SCENARIO, RunSettings(unknowns=Unknowns.PRIOR)) if drawn else {}
    setting = Setting(SCENARIO, PLANS, "months: 12\n", "ungridlock compare months=12", unknown, ("seed 1",))
    write_report(tmp_path / "report.html", some, found, setting, draw_all(some, found, tmp_path))
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_one_file_without_requests(tmp_path):
    html = written(tmp_path)
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    assert all(link.startswith(("#", "data:image/")) for link in outline.links)
    assert outline.alts
    assert all(outline.alts)
    assert not re.search(r"<script|<link|@import|url\(|https?://", re.sub(r"base64,[^\"]+", "", html))
    assert len(html) < 3_000_000


def test_everything_is_in_it_and_escaped(tmp_path):
    html = written(tmp_path)
    assert "A &lt;b&gt;&amp; Co&lt;/b&gt;" in html
    for text in ("not a forecast", "launch of insight system", "ungridlock compare months=12", "months: 12", "0.949%",
                 "behaviour.sharing.conformity", "Insight system launched."):
        assert text in html
    assert ">nan<" not in html


def test_how_sure_and_in_how_many_worlds_stand_beside_each_other(tmp_path):
    html = written(tmp_path)
    assert "how sure its mean is the highest" in html and "best in worlds" in html and "bootstrap" not in html
    assert "5 to 95% of lives" in html and "90% interval of the mean" in html
    assert re.search(r"<td>\d(\.5)? of 2</td>", html), "two worlds of four replicates"


@pytest.mark.parametrize("strategies", [("as_is",), ("as_is", "as_is@2")])
def test_degenerate_comparisons_are_reported(tmp_path, strategies):
    assert "Verdict" in written(tmp_path, strategies, drawn=False)


def test_only_what_differs_is_an_assumption():
    rows = {name: (unit, values) for name, unit, values in assumptions(PLANS, SCENARIO)}
    assert set(rows) == {"launch of insight system", "support"}
    assert rows["launch of insight system"] == ("month", [("-", False), ("3", True)])
    assert assumptions({"a": PLANS["as_is"], "b": Strategy(name="b", description="same")}, SCENARIO) == []
    paid = PLANS | {"pay": Strategy(name="pay", initiatives={"customer_metric_pay": 0})}
    mix = {name: [value for value, _ in values] for name, _, values in assumptions(paid, SCENARIO)}
    assert mix["pay: individual"] == ["0.7", "0.7", "0.2"]


def test_priors_are_those_declared_and_not_set():
    settings = RunSettings(unknowns=Unknowns.PRIOR)
    rows = unknown_rows(SCENARIO, ranges(SCENARIO, settings))
    row = next(row for row in rows if row[0] == "behaviour.sharing.conformity")
    field = Sharing.model_fields["conformity"]
    low, high = extras(field)["prior"]
    assert row[2:5] == (f"{low:g}", f"{field.default:g}", f"{high:g}")
    known = replace(SCENARIO, {"behaviour.sharing.conformity": 1.0})
    still = {r[0] for r in unknown_rows(known, ranges(known, settings))}
    assert {r[0] for r in rows} - still == {"behaviour.sharing.conformity"}
    assert ranges(SCENARIO, RunSettings(unknowns=Unknowns.DEFAULT)) == {}


def test_digest_counts_replicates_once():
    found = dict(digest(study(("as_is", "unlock"), replicates=6, months=60)))
    assert list(found) == ["UNLOCK"]
    assert ("6 of 6", "3", "Insight system launched.") in found["UNLOCK"]
    assert ("2 of 6", "40", "Shareholders stopped the programme.") in found["UNLOCK"]


def test_costs_and_troughs_are_on_screen_and_in_the_report():
    some = study(("as_is", "unlock"), replicates=4, months=12)
    found = analyse(some)
    header, row = money_rows(found.money, some)
    assert dict(zip(header, row, strict=True))["programme cost, not discounted"] == "12.5"
    trough = dict(zip(header, row, strict=True))["trough, mean (median month)"].split(" ")[0]
    line = next(part for part in comparison_tables(found).split("cost ($M)")[1].splitlines() if part[:6] == "UNLOCK")
    assert f" 12.5  {trough:>11} " in line
    assert (found.comparison.query("measure == 'programme_cost'")["value"] == [0.0, 12.5e6]).all()


def test_digest_leaves_out_what_happens_alike_under_the_baseline_and_nothing_else():
    some = study(("as_is", "unlock"), replicates=2, months=12)

    def event(key, replicate, month, kind, subject):
        return {"scenario": key, "kind": "simulated", "replicate": replicate, "month": month, "event": kind,
                "subject": subject, "text": f"{kind} {subject}"}

    routine = [event(key, r, 4, "leader replaced", "chief") for key in ("as_is", "unlock") for r in (0, 1)]
    earlier = [event("as_is", 0, 9, "attack", "market"), event("unlock", 0, 8, "attack", "market")]
    rare = [event("unlock", 1, 0, "foundation found", f"initiative {k}") for k in range(20)]
    found = dict(digest(dataclasses.replace(some, events=pd.DataFrame([*routine, *earlier, *rare]))))
    assert [row[2] for row in found["as is"]] == ["leader replaced chief", "attack market"]
    assert [row[2] for row in found["UNLOCK"]] == [*(e["text"] for e in rare), "attack market"]
