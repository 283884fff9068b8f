"""The verb `regret`: run plans in futures, compare, look for the futures in which one fails, save."""

from __future__ import annotations

from experiments.evaluation.study import Study, run_study
from experiments.regret.failing import explain, rule_table
from experiments.regret.findings import Findings
from experiments.regret.futures import looked_at
from experiments.regret.measures import Outcome, summary, values_table
from experiments.regret.page import as_page, on_screen
from experiments.regret.settings import RegretSettings
from experiments.regret.values import cleared, lives

SETTINGS = RegretSettings
FILES = "regret.csv, values.csv, rule.csv, regret.md, figures/, runs.parquet, points.csv"


def perform(study: Study[RegretSettings]) -> None:
    """Run everything; print the table and the rule; save tables, figures and page.

    Raises:
        Incomplete: some runs have no result; nothing is analysed.
    """
    runs = run_study(study)
    seed, objective, output = study.job.settings.seed, study.settings.objective, study.output
    known = looked_at(study)
    plans, raw = lives(runs, objective, known.rates)
    outcome = Outcome(plans, *cleared(raw), known.clusters, raw.shape[1], raw)
    table = summary(outcome, seed)
    found = explain(outcome, known, study.settings, str(table["plan"].iloc[0]), seed)
    findings = Findings(outcome, known, table, found, objective, study.job.scenario.months)
    print(on_screen(findings), flush=True)
    table.to_csv(output / "regret.csv", index=False)
    values_table(outcome, study.points, raw).to_csv(output / "values.csv", index=False)
    rule_table(found).to_csv(output / "rule.csv", index=False)
    from experiments.figures.regret import draw  # noqa: PLC0415

    page = as_page(findings, study.command, draw(findings, output / "figures"))
    (output / "regret.md").write_text(page, encoding="utf-8")
    print(f"\nSaved in {output}: {FILES}", flush=True)
