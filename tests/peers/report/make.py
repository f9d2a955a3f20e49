#!/usr/bin/env python3
"""Writes two studies to try a report with: one of 60 tests and 40 departures, one whose labels are hostile.

usage: python3 tests/peers/report/make.py FOLDER ; then lock, simulate and run each. Python's standard library alone.
"""
import json
import sys
from pathlib import Path

ARMS = {"status_quo": "Keeps its policy", "denounce": "Denounces", "sanctions": "Sanctions", "reduce": "Reduces aid", "terminate": "Terminates"}
MODERATORS = {"regime": ["autocracy", "democracy"], "capability": ["weak", "strong"], "treaty": ["none_yet", "formal"]}
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\u202emoc.live\u202c reversed",
    "y" * 10_000,
    "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467 emoji & 'quotes' `ticks` ${x} {{ x }} {% raw %}",
    "\u0627\u0644\u0645\u0648\u0627\u0641\u0642\u0629 \u0639\u0644\u0649 \u0627\u0644\u0633\u064a\u0627\u0633\u0629",
    "\u653f\u7b56\u3078\u306e\u652f\u6301\u306e\u7a0b\u5ea6\uff08\u4e00\u304b\u3089\u4e03\uff09",
    "</style></svg></details>--><!--",
]


def quoted(text):
    return json.dumps(text, ensure_ascii=True)


def registration(label, title):
    """`label(name, plain)` words a variable or a level."""
    lines = ["asregistered: 1", f"study: {{id: tried, title: {quoted(title)}, timing: before_collection}}"]
    lines += ["design:", "  kind: factorial_vignette", "  unit: respondent", "  sample: {target: 900, minimum: 600}", "  allocation: independent", "  expected:"]
    lines += ["    approval: {base: 3.2, sd: 1.6, effects: {\"arm[denounce]\": 0.5, \"arm[sanctions]\": 0.9}}", "    trust: {base: 4, sd: 1.4}", "    age: {mean: 47, sd: 15}"]
    lines += ["variables:", "  respondent: {role: id}"]
    arms = ", ".join(f"{k}: {quoted(label(k, v))}" for k, v in ARMS.items())
    lines.append(f"  arm: {{role: factor, label: {quoted(label('arm', 'Response to the ally'))}, levels: {{{arms}}}, reference: status_quo, probability: equal}}")
    for name, levels in MODERATORS.items():
        words = ", ".join(f"{k}: {quoted(label(k, k))}" for k in levels)
        lines.append(f"  {name}: {{role: factor, label: {quoted(label(name, name))}, levels: {{{words}}}, reference: {levels[0]}, probability: equal}}")
    lines.append(f"  age: {{role: covariate, label: {quoted(label('age', 'Age'))}, scale: {{min: 18, max: 99}}, stage: pre_treatment}}")
    for name in ("approval", "trust"):
        lines.append(f"  {name}: {{role: outcome, label: {quoted(label(name, name))}, scale: {{min: 1, max: 7}}, stage: post_treatment}}")
    lines += ["missing: {outcome: drop_from_test, factor: drop_from_test, covariate: indicator}", "models:"]
    for outcome in ("approval", "trust"):
        lines.append(f"  {outcome}: {{estimator: ols, formula: {outcome} ~ arm, vcov: HC2}}")
        for name in MODERATORS:
            lines.append(f"  {outcome}_{name}: {{estimator: ols, formula: {outcome} ~ arm * {name}, vcov: HC2}}")
    lines.append("tests:")
    tests = []
    for outcome in ("approval", "trust"):
        for arm in list(ARMS)[1:]:
            tests.append((f"{outcome}.{arm}", f"{{model: {outcome}, of: arm, contrast: {arm} - status_quo, alternative: two_sided, alpha: 0.05}}"))
            for name, (low, high) in MODERATORS.items():
                tests.append((f"{outcome}.{arm}.{name}", f"{{model: {outcome}_{name}, of: arm, contrast: {arm} - status_quo, across: {{{name}: {high} - {low}}}, alternative: two_sided, alpha: 0.05}}"))
                if len(tests) < 58:
                    tests.append((f"{outcome}.{arm}.{low}", f"{{model: {outcome}_{name}, of: arm, contrast: {arm} - status_quo, at: {{{name}: {low}}}, alternative: greater, alpha: 0.05}}"))
        for name in MODERATORS:
            tests.append((f"{outcome}.{name}.joint", f"{{model: {outcome}_{name}, joint: \"arm:{name}\", alpha: 0.05}}"))
    tests = tests[:60]
    lines += [f"  {name}: {test}" for name, test in tests]
    lines += ["families:", f"  all_arms: {{tests: [{', '.join(f'approval.{a}' for a in list(ARMS)[1:])}], adjust: holm}}", "hypotheses:"]
    for position in range(0, 60, 10):
        named = " and ".join(name for name, _ in tests[position : position + 10])
        lines.append(f"  H{position // 10 + 1}: {{statement: {quoted(label('H', 'The response matters in every respect that is named here.'))}, status: primary, corroborated_if: {named}}}")
    return "\n".join(lines) + "\n", [name for name, _ in tests]


def study(folder, label, title, departures):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "prereg").mkdir(exist_ok=True)
    text, tests = registration(label, title)
    (folder / "prereg" / "registration.yaml").write_text(text, encoding="utf-8")
    changed = "".join(f"    {name}: {{alpha: {0.05 + (i + 1) / 1000}}}\n" for i, name in enumerate(tests[:departures]))
    analysis = f"analysis:\n  tests:\n{changed}" if departures else "analysis: {}\n"
    (folder / "pipeline.yaml").write_text(
        "asregistered: 1\nregistration: prereg/registration.yaml\nlock: prereg/lock.json\n"
        f"data: {{path: data.csv, provenance: simulated}}\n{analysis}report: {{path: reports/report.html}}\n",
        encoding="utf-8",
    )


count = 0


def hostile(_, plain):
    """Every label another attack, and no two alike."""
    global count
    count += 1
    return f"{HOSTILE[count % len(HOSTILE)]} {plain} {count}"


root = Path(sys.argv[1])
study(root / "many", lambda _, plain: plain, "Sixty tests and forty departures", 40)
study(root / "hostile", hostile, HOSTILE[0] + HOSTILE[1] + HOSTILE[7], 3)
