"""Fairness of a linear model on Adult and COMPAS: our figures and seconds beside fairlearn's, on the same predictions.

    make peers
    python benchmarks/fairness.py ../shared/data/adult/train.csv.gz ../shared/data/compas/all.csv.gz

A logistic regression on scaled numbers and one column for each class learns from two thirds of the rows; the others are predicted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from tacit.audits import by_group, crossings, fairness
from tacit.provenance import machine

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".peers" / "fairlearn" / "bin" / "python"
TARGETS = {"income": ">50K", "two_year_recid": 1}
COLUMNS = ["age", "sex", "race", "juv_fel_count", "juv_misd_count", "priors_count", "c_charge_degree"]
"""Of COMPAS: what was known at the time."""

DIFFERENCES = ("demographic_parity", "equalized_odds", "equal_opportunity", "false_positives", "predictive_parity")


def predicted(file: Path) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Probabilities, truth and columns of the rows that the model has not seen."""
    rows = pd.read_csv(file)
    target = next(t for t in TARGETS if t in rows)
    truth = (rows[target] == TARGETS[target]).to_numpy().astype(int)
    features = rows[COLUMNS] if target == "two_year_recid" else rows.drop(columns=target)
    x = StandardScaler().fit_transform(pd.get_dummies(features).fillna(0).astype(float))
    train, test = train_test_split(np.arange(len(rows)), test_size=1 / 3, random_state=0, stratify=truth)
    model = LogisticRegression(max_iter=1000).fit(x[train], truth[train])
    return model.predict_proba(x[test]), truth[test], rows.iloc[test]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    print(machine())
    for file in parser.parse_args().files:
        p, truth, rows = predicted(file)
        columns = {"sex": rows["sex"].tolist(), "race": rows["race"].tolist()}
        ours, seconds = {}, {}
        for column in columns:
            began = time.perf_counter()
            (grouping,) = crossings({column: columns[column]})
            ours[column] = fairness(p, truth, grouping, 1), by_group("accuracy", p, truth, [grouping])
            seconds[column] = time.perf_counter() - began
            found = ours[column][0]
            said = ", ".join(f"{d} {getattr(found, d).value:.4f} (chance {getattr(found, d).chance:.4f})" for d in DIFFERENCES)
            print(f"{file.parent.name}, {column}, {len(truth):,} rows: {said}, ratio {found.demographic_parity_ratio:.4f}")
            for note in found.notes:
                print(f"  note: {note}")
        if not PEER.exists():
            print("fairlearn is not installed: make peers")
            continue
        with tempfile.TemporaryDirectory() as folder:
            pd.DataFrame({**columns, "truth": truth, "said": p.argmax(1)}).to_csv(f"{folder}/rows.csv", index=False)
            script = ROOT / "benchmarks" / "peers" / "by_fairlearn.py"
            told = json.loads(subprocess.run([PEER, script, folder], check=True, capture_output=True, text=True).stdout)
        for column, theirs in told["columns"].items():
            found, scores = ours[column]
            apart = {d: abs(getattr(found, d).value - theirs["differences"][d]) for d in DIFFERENCES}
            apart["ratio"] = abs(found.demographic_parity_ratio - theirs["differences"]["demographic_parity_ratio"])
            rates = [
                abs(getattr(g, r) - theirs["rates"][g.name.removeprefix(f"{column} is ")][r])
                for g in found.groups
                for r in ("selected", "true_positive", "false_positive", "false_negative", "precision")
            ]
            rates += [abs(g.value - theirs["rates"][g.name.removeprefix(f"{column} is ")]["accuracy"]) for g in scores.groups]
            print(
                f"  beside fairlearn {told['version']}: {len(rates)} rates, {sum(np.isnan(rates))} not known, max difference "
                f"{np.nanmax(rates):.1e}; of differences and ratio {max(apart.values()):.1e} ({max(apart, key=apart.__getitem__)}); "
                f"seconds {seconds[column]:.4f} and {theirs['seconds']:.4f}"
            )


if __name__ == "__main__":
    main()
