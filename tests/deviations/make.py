#!/usr/bin/env python3
"""Writes the fixtures of the deviation rules: a folder a rule, in it what fires and what, though near, must not.

    python3 tests/deviations/make.py

A fixture says only what differs from `base/`. `*.edited.*` is what a file becomes after it was locked;
`locked_at.txt` is when, if not on 15 October 2024. `ledger.txt` is what happened before, a word a line. `registration.amended.yaml` is what it was amended to, at `amended_at.txt`.
Python's standard library alone; the same bytes on every machine.
"""

import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
BASE = (HERE / "base" / "registration.yaml").read_text(encoding="utf-8")
UNLOCKED = "lock: none.json"


def stream(seed):
    """Knuth's MMIX generator: uniform numbers in [0, 1)."""
    while True:
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (seed >> 11) / 2**53


def rows():
    """120 responses, 40 an arm, four a day from 1 to 30 November 2024."""
    draw = stream(20241101)
    arms = ["control", "letter", "call"] * 40
    for i in range(len(arms) - 1, 0, -1):
        j = int(next(draw) * (i + 1))
        arms[i], arms[j] = arms[j], arms[i]
    lift = {"control": 0.0, "letter": 0.9, "call": 1.1}
    found = []
    for i, arm in enumerate(arms):
        normal = sum(next(draw) for _ in range(12)) - 6.0
        age = 18 + int(next(draw) * 60)
        trust = [1 + int(next(draw) * 5) for _ in range(2)]
        support = min(7, max(1, round(3.4 + lift[arm] + 1.3 * normal)))
        other = sum(next(draw) for _ in range(12)) - 6.0
        donation = min(100, max(0, round(30 + 6 * lift[arm] + 2 * trust[0] + 0.1 * age + 12 * other)))
        found.append(
            {
                "respondent": f"R_{i + 1:03d}",
                "started": f"2024-11-{1 + i // 4:02d} {9 + i % 4:02d}:15:00",
                "finished": "0" if i % 29 == 7 else "1",
                "attentive": "failed" if i % 17 == 5 else "passed",
                "duration": str(40 + int(next(draw) * 600)),
                "age": "" if i % 31 == 3 else str(age),
                "trust_1": str(trust[0]),
                "trust_2": str(trust[1]),
                "arm": arm,
                "support": "" if i % 29 == 7 else str(support),
                "donation": "" if i % 29 == 7 else str(donation),
            }
        )
    return found


def csv(table):
    lines = [",".join(table[0])] + [",".join(row.values()) for row in table]
    return "\n".join(lines) + "\n"


def with_cells(column, value, positions):
    table = rows()
    for position in positions:
        table[position][column] = value
    return csv(table)


def without_outcomes(positions):
    table = rows()
    for position in positions:
        table[position]["support"] = table[position]["donation"] = ""
    return csv(table)


def registration(*replacements):
    """The base registration with some words replaced, each of which must stand in it exactly once."""
    text = BASE
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the base registration"
        text = text.replace(old, new)
    return text


def analysed(less=(), more=(), cells=(), trust=None):
    """What the authors analysed: the rows that the exclusions keep, with the score, and what is wrong with them."""
    table = []
    for i, row in enumerate(rows()):
        left = row["finished"] == "0" or row["attentive"] == "failed"
        if (left and i not in more) or i in less:
            continue
        own = {name: row[name] for name in ("respondent", "age", "arm", "support", "donation")}
        score = (int(row["trust_1"]) + int(row["trust_2"])) / 2
        table.append({**own, "trust": f"{score if trust is None else trust(row)}"})
    for position, column, value in cells:
        table[position][column] = value
    return csv(table)


ANALYSED = "  analysed: analysed.csv\n"


DATA = csv(rows())
PIN = hashlib.sha256(DATA.encode()).hexdigest()
QUESTIONNAIRE = (HERE / "base" / "questionnaire.md").read_text(encoding="utf-8")
WINDOW = "collected: {from: 2024-11-01, to: 2024-11-30}"
BOTH = """  - {id: unfinished, drop_if: finished = 'unfinished', reason: incomplete response}
  - {id: inattentive, drop_if: attentive = 'failed', reason: failed the attention check}
"""


RULES = BOTH + """  - {id: repeated, duplicates: {by: [respondent], keep: first}, reason: answered twice}
  - {id: far, outliers: {of: duration, method: sd, cutoff: 1.6}, reason: an unusual duration}
"""


def analysis(text):
    return "analysis:\n" + "".join(f"  {line}\n" for line in text.strip("\n").split("\n"))


def study(promise=None, edited=None, data=None, mapping="", request="", lock="lock: lock.json", **files):
    """The files of one fixture."""
    made = {name.replace("__", "."): text for name, text in files.items()}
    own = promise is not None or edited is not None
    if own:
        made["registration.yaml"] = promise or BASE
        made.setdefault("questionnaire.md", QUESTIONNAIRE)
    if edited is not None:
        made["registration.edited.yaml"] = edited
    if data is not None:
        made["data.csv"] = data
    path = "data.csv" if data is not None else "../../base/data.csv"
    where = "registration.yaml" if own else "../../base/registration.yaml"
    made["pipeline.yaml"] = (
        f"asregistered: 1\nregistration: {where}\n{lock}\n"
        f"data:\n  path: {path}\n  provenance: simulated\n{mapping}{request}"
    )
    return made


def among(request):
    """The base registration with rules that look at other rows, and a request that has others."""
    return study(promise=registration((BOTH, RULES)), request=analysis("exclusions:\n" + request))


def moved(rules, old, new):
    lines = rules.strip("\n").split("\n")
    lines.insert(new, lines.pop(old))
    return "\n".join(lines)


def amended(at, *more):
    """A registration whose sample was made smaller, by an amendment of that time."""
    changed = registration(("minimum: 120", "minimum: 100"), *more)
    return study(promise=registration(*more), registration__amended__yaml=changed, amended_at__txt=at + "\n")


def requested(text):
    return study(request=analysis(text))


EQUAL = "    reference: control\n    probability: equal"


def restricted():
    """A second factor: no letter comes from the mayor. The registered probabilities make three equal arms of that."""
    sender = "  sender: {role: factor, label: Sender, levels: {mayor: The mayor, neighbour: A neighbour}, "
    sender += "probability: {mayor: 0.6666666666666667, neighbour: 0.3333333333333333}}\n"
    return registration(
        ("  allocation: independent", "  allocation: independent\n  forbidden:\n    - {arm: letter, sender: mayor}"),
        (EQUAL, "    reference: control\n    probability: {control: 0.2, letter: 0.6, call: 0.2}"),
        ("  support: {role: outcome", sender + "  support: {role: outcome"),
    )


def sent(wrong=()):
    """Senders by the restricted design, but for the rows that are wrong."""
    draw = stream(7)
    table = rows()
    for i, row in enumerate(table):
        mayor = next(draw) < 2 / 3 and row["arm"] != "letter"
        row["sender"] = "mayor" if mayor or i in wrong else "neighbour"
    return csv(table)


IN_TOWNS = "{by: town, blocks: {north: {control: 0.5, letter: 0.25, call: 0.25}, "
IN_TOWNS += "south: {control: 0.16666666666666666, letter: 0.41666666666666667, call: 0.41666666666666667}}}"


def towns(probability=IN_TOWNS):
    """Two towns that asked with other probabilities."""
    return registration(
        (EQUAL, "    reference: control\n    probability: " + probability),
        ("  support: {role: outcome", "  town: {role: block, label: Town, levels: [north, south]}\n  support: {role: outcome"),
    )


def asked(north=(30, 15, 15)):
    """So many of the controls, letters and calls live in the north, which makes its shares."""
    left = dict(zip(("control", "letter", "call"), north))
    table = rows()
    for row in table:
        row["town"] = "north" if left[row["arm"]] > 0 else "south"
        left[row["arm"]] -= 1
    return csv(table)


LETTERS = [i for i, row in enumerate(rows()) if row["arm"] == "letter"]

EXPLORED = """exploratory:
  derived: {generous: {when: donation >= 50}}
  missing: {check: drop_from_test}
  models:
    generosity: {estimator: logit, formula: generous ~ arm + age, vcov: HC0}
    younger: {estimator: ols, formula: support ~ arm, vcov: HC2, subset: age < 40}
  tests:
    X1: {model: generosity, of: arm, contrast: call - control, alternative: two_sided, alpha: 0.05}
    X2: {model: younger, of: arm, contrast: call - letter, alternative: two_sided, alpha: 0.05}
    X3: {model: support, of: arm, contrast: call - letter, alternative: two_sided, alpha: 0.05}
  families: {glances: {tests: [X1, X2], adjust: bonferroni}}
"""
# A registered test that does not please, left out and put among the explored with a covariate more.
MOVED = """exploratory:
  models: {donation_2: {estimator: ols, formula: donation ~ arm + trust + age + duration, vcov: HC2}}
  tests: {H2.call_2: {model: donation_2, of: arm, contrast: call - control, alternative: greater, alpha: 0.05}}
"""


DERIVED = """derived:
  trust: {mean_of: [trust_1, trust_2], at_least: 2}
  age_group: {cut: age, at: [30, 50]}
  effort: {recode: channel, to: {web: 0, phone: 1, post: 3}}
  relative_age: {standardise: age, over: kept}
  waited: {days: {from: started, to: until}}
  earlier: {lag: donation, order: wave}
  called: {contains: remark, any_of: [call, phone]}
  together: {value: trust_1 * trust_2}
"""


def derived():
    """Two waves of 60 respondents: the base registration with a derived covariate of every kind in the model of donations."""
    columns = "  wave: {role: covariate, label: Wave}\n  until: {role: time, label: End of the response}\n"
    columns += "  remark: {role: text, label: Remark}\n"
    columns += "  channel: {role: check, label: Channel, levels: [web, phone, post]}\n"
    return registration(
        ("kind: between_subjects", "kind: within_subjects"),
        ("  covariate: indicator", "  covariate: drop_from_test"),
        ("  age: {role", columns + "  age: {role"),
        ("derived:\n  trust: {mean_of: [trust_1, trust_2], at_least: 2}\n", DERIVED),
        (
            "formula: donation ~ arm + trust + age,",
            "formula: donation ~ arm + trust + age_group + effort + relative_age + waited + earlier + called + together,",
        ),
    )


def waves():
    table = rows()
    for i, row in enumerate(table):
        row["respondent"] = f"R_{i // 2 + 1:03d}"
        row["wave"] = str(1 + i % 2)
        row["until"] = f"2024-12-{1 + (7 * i) % 5:02d}"
        row["remark"] = ["", "please call", "No phone", "fine", "by letter"][(3 * i) % 5]
        row["channel"] = ["web", "phone", "post"][(i // 4) % 3]
    return csv(table)


def rederived(text):
    """Every kind of derived covariate, and a request that may change one."""
    return study(promise=derived(), data=waves(), request=analysis(text))


SMALL = "  - {if: smallest_cell(arm) < 40, then: {models.support.vcov: HC3}}\n"
TINY = "  - {if: smallest_cell(arm) < 10, then: {models.support.vcov: HC3}}\n"
AGED = "  - {if: share_missing(age) > 0.5, then: {models.donation.formula: donation ~ arm + trust}}\n"


def contingent(*entries):
    return registration(("hypotheses:\n", "contingencies:\n" + "".join(entries) + "\nhypotheses:\n"))


def branching(request, *entries):
    return study(promise=contingent(*entries), request=analysis(request) if request else "")


def model(more, vcov="HC2"):
    """The base registration with something more in the model of support."""
    old = "support: {estimator: ols, formula: support ~ arm, vcov: HC2}"
    rule = "missing:\n  outcome: drop_from_test\n"
    return registration(
        ("  " + old, f"  support: {{estimator: ols, formula: support ~ arm, vcov: {vcov}, {more}}}"),
        (rule, rule + "  weight: fail\n  cluster: fail\n"),
    )


def imputed():
    rule = "  covariate: indicator\n"
    return registration((rule, "  covariate: multiple_imputation\nimputation: {draws: 5, iterations: 3}\n"))


def raking(passed):
    return f"rake: {{attentive: {{passed: {passed}, failed: {round(1 - passed, 2)}}}}}, trim: [0.2, 5]"


def raked():
    """The base registration with a weight that nobody who failed the check is left out for."""
    inattentive = BOTH.split("\n")[1] + "\n"
    derived = "  trust: {mean_of: [trust_1, trust_2], at_least: 2}\n"
    return registration(
        (inattentive, ""),
        (derived, derived + f"  w: {{{raking(0.9)}}}\n"),
        (
            "  support: {estimator: ols, formula: support ~ arm, vcov: HC2}",
            "  support: {estimator: wls, formula: support ~ arm, vcov: HC2, weights: {column: w, kind: probability}}",
        ),
        ("missing:\n  outcome: drop_from_test\n", "missing:\n  outcome: drop_from_test\n  weight: fail\n"),
    )


def without_a_model(kind="I"):
    """The base registration with a test of pairs and an analysis of variance."""
    older = "  H3.older: {model: older, joint: arm, alpha: 0.05}\n"
    subset = "  older: {estimator: ols, formula: support ~ arm, vcov: HC2, subset: age >= 40}\n"
    return registration(
        (
            subset,
            subset + "  change: {estimator: paired_t, formula: donation - support ~ 1, vcov: none}\n"
            "  crossed: {estimator: ols, formula: support ~ arm + factor(trust_1), vcov: classical}\n",
        ),
        (
            older,
            older + "  H2.change: {model: change, parameter: mean, alternative: greater, alpha: 0.05}\n"
            f"  H3.crossed: {{model: crossed, anova: {{term: factor(trust_1), type: {kind}}}, alpha: 0.05}}\n",
        ),
        ("corroborated_if: H2.call", "corroborated_if: H2.call and H2.change"),
        ("corroborated_if: H3.older", "corroborated_if: H3.older and H3.crossed"),
    )


def logit():
    return registration(
        ("  support: {estimator: ols, formula: support ~ arm, vcov: HC2}", "  support: {estimator: logit, formula: high ~ arm, vcov: HC0}"),
        ("  trust: {mean_of", "  high: {when: support >= 5}\n  trust: {mean_of"),
    )


def trials():
    """A share of the seconds, so that the rows are successes in a number of trials."""
    return logit().replace("vcov: HC0}", "vcov: HC0, trials: duration}")


def drawn():
    return model("bootstrap: {draws: 100, kind: pairs}", vcov="bootstrap")


def in_sequence():
    """Rank tests, which have no interval, tested one after the other."""
    ranks = "  ranks: {estimator: mann_whitney, formula: support ~ arm, vcov: none}\n"
    both = [("letter", "H1.letter"), ("call", "H1.call")]
    return registration(
        ("models:\n", "models:\n" + ranks),
        ("adjust: holm", "adjust: fixed_sequence"),
        *((f"{test}: {{model: support, of: arm, contrast: {level} -", f"{test}: {{model: ranks, of: arm, contrast: {level} -") for level, test in both),
    )


def counted():
    """The outcome as a list of seven items, or eight with the sensitive one."""
    plain = "support: {estimator: ols, formula: support ~ arm, vcov: HC2}"
    return registration(("  " + plain, "  support: {estimator: list_experiment, formula: support ~ arm, vcov: HC2, items: 7}"))


def equivalence():
    old = "H1.letter: {model: support, of: arm, contrast: letter - control, alternative: greater, alpha: 0.05}"
    new = "H1.letter: {model: support, of: arm, contrast: letter - control, alternative: {equivalent: {low: -1, high: 1}}, alpha: 0.05}"
    return registration((old, new))


def inferiority():
    return equivalence().replace("{equivalent: {low: -1, high: 1}}", "{not_inferior: {margin: 1, better: higher}}")


def sized(words):
    """Another sample size than the base registration's, without its window."""
    old = BASE[BASE.index("    target: 120\n") : BASE.index("  allocation: independent")]
    return registration((old, f"    counted: before_exclusions\n    {words.replace(', ', chr(10) + '    ')}\n"))


def supplied():
    return registration(("    target: 120\n", "    target: 120\n    population: adults in the US\n    provider: Prolific\n"))


def reversed_item():
    return registration(("mean_of: [trust_1, trust_2]", "mean_of: [trust_1, trust_2], reverse: [trust_1]"))


def moderated(terms="arm * age"):
    """The effect on support, by age."""
    return registration(
        ("  support: {estimator: ols, formula: support ~ arm, vcov: HC2}", f"  support: {{estimator: ols, formula: support ~ {terms}, vcov: HC2}}")
    )


def absorbing(effects):
    plain = "support: {estimator: ols, formula: support ~ arm, vcov: HC2}"
    return registration(("  " + plain, f"  support: {{estimator: ols, formula: support ~ arm | {effects}, vcov: HC1}}"))


def mixed(formula, likelihood="reml"):
    """Donations by a mixed model."""
    return f"{{estimator: mixed, formula: \"{formula}\", vcov: classical, likelihood: {likelihood}}}"


CROSSED = "donation ~ arm + (1 + duration | trust_1) + (1 | trust_2)"
MIXED = registration(("{estimator: ols, formula: donation ~ arm + trust + age, vcov: HC2}", mixed(CROSSED)))


def random(formula):
    return study(promise=MIXED, request=analysis(f'models: {{donation: {{formula: "{formula}"}}}}'))


def beside(test, more):
    """The base registration with something more in one of its tests."""
    lines = [line for line in BASE.split("\n") if line.startswith(f"  {test}: {{")]
    (line,) = lines
    return registration((line, line[:-1] + f", {more}}}"))


NORMAL = "bayes_factor: {prior: normal, mean: 0, sd: 10}"


CALLS = [i for i, row in enumerate(rows()) if row["arm"] == "call"]

FIXTURES = {
    "differential-attrition": {
        # 16 of the 40 who were called have no answer; a call has donations all the same.
        "fires": study(data=with_cells("support", "", CALLS[:16])),
        "quiet": study(data=with_cells("support", "", CALLS[:6])),
        "quiet-equal": study(data=with_cells("support", "", list(range(40)))),
    },
    "hypothesis-dropped": {
        "fires": requested("hypotheses: {H2: null}"),
        "quiet": requested("hypotheses: {H2: {status: secondary, corroborated_if: H2.call}}"),
    },
    "hypothesis-added": {
        "fires": requested(
            "hypotheses:\n  H4: {statement: Letters work best., status: secondary, corroborated_if: H1.letter}"
        ),
        "quiet": requested("hypotheses:\n  H2: {statement: A telephone call raises donations.}"),
    },
    "status-changed": {
        "fires": requested("hypotheses: {H2: {status: primary}}"),
        "quiet": requested("hypotheses: {H2: {status: secondary}}"),
    },
    "decision-rule-changed": {
        "fires": requested("hypotheses: {H1: {corroborated_if: H1.any}}"),
        "quiet": requested("hypotheses: {H1: {corroborated_if: H1.call and H1.letter and H1.any}}"),
        "quiet-renamed-family": requested(
            "families: {arms: null, both: {tests: [H1.call, H1.letter], adjust: holm}}\n"
            "hypotheses: {H1: {corroborated_if: H1.any and all(both)}}"
        ),
    },
    "test-not-run": {
        "fires": requested("tests: {H2.call: null}"),
        "fires-in-family": requested("tests: {H1.letter: null}"),
        "fires-with-model": requested("tests: {H3.older: null}\nmodels: {older: null}"),
        "fires-though-explored": study(request=analysis("tests: {H2.call: null}") + MOVED),
        "quiet-though-explored": study(request=MOVED),
        "fires-refused": study(data=with_cells("donation", "50", range(120))),
        "quiet": study(data=with_cells("donation", "", range(0, 120, 5))),
    },
    "test-not-registered": {
        "fires": requested(
            "tests:\n  H1.best: {model: support, of: arm, contrast: call - letter, alternative: two_sided, alpha: 0.05}"
        ),
        "fires-model": requested("models:\n  plain: {estimator: ols, formula: support ~ 1, vcov: HC2}"),
        "quiet": requested("tests:\n  H1.call: {model: support, of: arm, contrast: call - control}"),
        "quiet-explored": study(request=EXPLORED),
    },
    "estimand-changed": {
        "fires": requested('tests: {H1.any: {contrast: "letter - control"}}'),
        "quiet": requested('tests: {H1.any: {contrast: "0.5 call + 0.5 letter - control"}}'),
        "fires-order": study(
            promise=without_a_model(), request=analysis("models: {crossed: {formula: support ~ factor(trust_1) + arm}}")
        ),
        "quiet-order": study(
            promise=without_a_model("II"),
            request=analysis("models: {crossed: {formula: support ~ factor(trust_1) + arm}}"),
        ),
        "fires-type": study(promise=without_a_model(), request=analysis("tests: {H3.crossed: {anova: {type: II}}}")),
    },
    "family-changed": {
        "fires-order": study(
            promise=in_sequence(), request=analysis("families: {arms: {tests: [H1.call, H1.letter]}}")
        ),
        "quiet-order": requested("families: {arms: {tests: [H1.call, H1.letter]}}"),
        "fires": requested("families: {arms: {tests: [H1.letter, H1.call, H1.any]}}"),
        "fires-renamed": requested(
            "families: {arms: null, both: {tests: [H1.call, H1.letter], adjust: none}}\n"
            "hypotheses: {H1: {corroborated_if: H1.any and all(both)}}"
        ),
        "quiet": requested("families: {arms: {tests: [H1.call, H1.letter]}}"),
    },
    "sample-below-minimum": {
        "fires": study(promise=registration(("minimum: 120", "minimum: 121"), ("maximum: 120", "maximum: 130"))),
        "quiet": study(promise=registration(("maximum: 120", "maximum: 130"))),
    },
    "sample-above-maximum": {
        "fires": study(promise=registration(("minimum: 120", "minimum: 100"), ("maximum: 120", "maximum: 119"))),
        "quiet": study(promise=registration(("minimum: 120", "minimum: 100"))),
    },
    "exclusion-added": {
        "fires": requested("exclusions:\n" + BOTH + "  - {id: speeders, drop_if: duration < 90}"),
        "fires-outliers": requested("exclusions:\n" + RULES),
        "quiet": requested(
            "exclusions:\n"
            "  - {id: incomplete, drop_if: finished = 'unfinished'}\n"
            "  - {id: inattentive, drop_if: attentive = 'failed', reason: was not attentive}"
        ),
    },
    "exclusion-dropped": {
        "fires": requested("exclusions:\n" + BOTH.split("\n")[0]),
        "quiet": requested("exclusions:\n" + "\n".join(reversed(BOTH.strip("\n").split("\n")))),
    },
    "exclusion-changed": {
        "fires-cutoff": among(RULES.replace("1.6", "1.7")),
        "fires-kept": among(RULES.replace("first", "last")),
        "fires-kind": among(RULES.replace("outliers: {of: duration, method: sd, cutoff: 1.6}", "drop_if: duration > 570")),
        # The outliers are told among the inattentive, too.
        "fires-order": among(moved(RULES, 3, 1)),
        "quiet-order": among(moved(RULES, 1, 0).replace("id: far", "id: unusual")),
        "fires": study(
            promise=registration(("attentive = 'failed'", "attentive = 'failed' or duration < 60")),
            request=analysis(
                "exclusions:\n" + BOTH.replace("attentive = 'failed'", "attentive = 'failed' or duration < 90")
            ),
        ),
        "quiet": study(
            promise=registration(("attentive = 'failed'", "attentive = 'failed' or duration < 60")),
            request=analysis(
                "exclusions:\n" + BOTH.replace("attentive = 'failed'", "(attentive = 'failed') OR (duration < 60.0)")
            ),
        ),
    },
    "collected-outside-window": {
        "fires": study(promise=registration((WINDOW, "collected: {from: 2024-11-02, to: 2024-11-29}"))),
        "quiet": study(promise=registration(("registered: 2024-10-20", "registered: 2024-11-01"))),
        "quiet-undated": study(
            promise=registration(("  started: {role: time, label: Start of the response}\n", ""))
        ),
    },
    "level-missing": {
        "fires": study(
            promise=registration(
                ("call: By telephone}", "call: By telephone, visit: In person}"),
                (EQUAL, "    reference: control\n    probability: {control: 0.33, letter: 0.33, call: 0.33, visit: 0.01}"),
            )
        ),
        "quiet": study(
            promise=registration(
                ("call: By telephone}", "call: By telephone, visit: In person}"),
                (EQUAL, "    reference: control\n    probability: {control: 0.3, letter: 0.3, call: 0.4, visit: 0}"),
            )
        ),
        "fires-unassigned": study(
            promise=registration(
                ("call: By telephone}", "call: By telephone, visit: In person}"), (EQUAL, "    reference: control")
            )
        ),
        "quiet-unassigned": study(
            promise=registration(
                ("call: By telephone}", "call: By telephone, visit: In person}"),
                (EQUAL, "    reference: control"),
                ("joint: arm", "of: arm, contrast: call - control, alternative: two_sided"),
            )
        ),
    },
    "level-unregistered": {
        "fires": study(data=with_cells("arm", "visit", [11, 47, 90])),
        "quiet": study(
            data=with_cells("arm", "By phone", [11, 47, 90]),
            mapping="  values: {arm: {By phone: call}}\n",
        ),
        "quiet-label": study(data=with_cells("arm", "By telephone", [11, 47, 90])),
    },
    "allocation-off": {
        "fires": study(
            promise=registration(
                (EQUAL, "    reference: control\n    probability: {control: 0.55, letter: 0.25, call: 0.2}")
            )
        ),
        "quiet": study(
            promise=registration(
                (EQUAL, "    reference: control\n    probability: {control: 0.4, letter: 0.3, call: 0.3}")
            )
        ),
        "fires-unrestricted": study(
            promise=restricted().replace("  forbidden:\n    - {arm: letter, sender: mayor}\n", ""), data=sent()
        ),
        "quiet-restricted": study(promise=restricted(), data=sent()),
        # The arms are as large as the registration makes them; in each town they are the other's.
        "fires-blocks": study(promise=towns(), data=asked((10, 25, 25))),
        "quiet-blocks": study(promise=towns(), data=asked()),
        # A level that only one town could give, in both; and one that none could.
        "fires-block-never": study(
            promise=towns(IN_TOWNS.replace("control: 0.5, letter: 0.25, call: 0.25", "control: 0.5, letter: 0.5, call: 0")),
            data=asked((30, 29, 1)),
        ),
        "fires-never": study(
            promise=registration((EQUAL, "    reference: control\n    probability: {control: 0.5, letter: 0.5, call: 0}"))
        ),
    },
    "forbidden-cell": {
        "fires": study(promise=restricted(), data=sent(LETTERS[3:4])),
        "fires-many": study(promise=restricted(), data=sent(LETTERS[:12])),
        "quiet": study(promise=restricted(), data=sent()),
    },
    "outcome-changed": {
        "fires": requested("models: {support: {formula: donation ~ arm}}"),
        "fires-pairs": study(
            promise=without_a_model(),
            request=analysis("models: {change: {estimator: one_sample_t, formula: donation ~ 1}}"),
        ),
        "quiet-pairs": study(
            promise=without_a_model(), request=analysis("models: {change: {formula: donation - support ~ 1}}")
        ),
        "fires-trials": study(promise=trials(), request=analysis("models: {support: {trials: null}}")),
        "quiet": requested("models: {support: {formula: support ~ arm + donation}}"),
        "quiet-trials": study(promise=trials(), request=analysis("models: {support: {trials: duration}}")),
    },
    "recoded": {
        "fires": study(mapping="  missing_codes: {support: [7]}\n"),
        "fires-analysed": study(mapping=ANALYSED, analysed__csv=analysed(cells=[(3, "support", "7"), (8, "arm", "call")])),
        "quiet-analysed": study(mapping=ANALYSED, analysed__csv=analysed(cells=[(4, "age", rows()[4]["age"] + ".0")])),
        "fires-swapped": study(mapping="  values: {arm: {letter: call, call: letter}}\n"),
        "fires-column": study(mapping="  columns: {donation: support}\n"),
        "fires-column-passed-over": study(
            data=DATA.replace("donation\n", "donation,donation_2\n", 1).replace("\nR_", ",1\nR_").replace(",donation_2,1", ",donation_2", 1)[:-1] + ",1\n",
            mapping="  columns: {donation: donation_2}\n",
        ),
        "fires-date": study(
            data=with_cells("started", "2024-12-24 09:15:00", [3]),
            mapping="  missing_codes: {started: ['2024-12-24 09:15:00']}\n",
        ),
        "fires-identifier": study(
            data=with_cells("respondent", "R_001", [9]), mapping="  missing_codes: {respondent: [R_001]}\n"
        ),
        "fires-decimal-comma": study(
            data=with_cells("support", '"5,5"', [3, 4]),
            mapping="  decimal: comma\n  missing_codes: {support: ['5,5']}\n",
        ),
        "fires-without-a-scale": study(
            promise=registration(("label: Donation (0 to 100), scale: {min: 0, max: 100}", "label: Donation")),
            mapping="  values: {donation: {'40': 400}}\n",
        ),
        "quiet-without-a-scale": study(
            promise=registration(("label: Donation (0 to 100), scale: {min: 0, max: 100}", "label: Donation")),
            mapping="  missing_codes: {donation: [40]}\n",
        ),
        "quiet": study(
            data=with_cells("support", "-99", [1, 2]),
            mapping="  columns: {support: support}\n  values: {arm: {letter: letter}}\n"
            "  missing_codes: {support: [-99]}\n",
        ),
    },
    "out-of-range": {
        "fires": study(data=with_cells("support", "99", [4, 40])),
        "quiet": study(
            data=with_cells("support", "99", [4, 40]),
            mapping="  missing_codes: {support: [99]}\n",
        ),
    },
    "formula-changed": {
        "fires": requested("models: {donation: {formula: donation ~ arm + trust + log(age)}}"),
        "fires-moved": requested("tests: {H1.any: {model: older}}"),
        "fires-random": random("donation ~ arm + (1 | trust_1) + (1 | trust_2)"),
        "fires-uncorrelated": random("donation ~ arm + (duration || trust_1) + (1 | trust_2)"),
        "quiet": requested("models: {donation: {formula: donation ~ age + trust + arm}}"),
        "quiet-random": random("donation ~ (1 | trust_2) + (duration | trust_1) + arm"),
        "quiet-beside-another": requested(
            "models: {donation: {formula: donation ~ age + trust + arm}}\ntests: {H1.any: {alpha: 0.01}}"
        ),
    },
    "vcov-changed": {
        "fires": requested("models: {support: {vcov: HC1}}"),
        "fires-without-its-condition": branching("models: {support: {vcov: HC3}}", TINY),
        "fires-against-its-branch": branching("models: {support: {estimator: ols}}\ncontingencies: null", SMALL),
        "fires-intervals": study(promise=drawn(), request=analysis("models: {support: {bootstrap: {intervals: percentile}}}")),
        "quiet-intervals": study(promise=drawn(), request=analysis("models: {support: {bootstrap: {intervals: normal}}}")),
        "quiet": requested("models: {support: {vcov: HC2}}"),
    },
    "estimator-changed": {
        "fires": study(promise=logit(), request=analysis("models: {support: {estimator: probit}}")),
        "fires-items": study(promise=counted(), request=analysis("models: {support: {items: 8}}")),
        "quiet-items": study(promise=counted(), request=analysis("models: {support: {items: 7}}")),
        "fires-ranks": study(
            promise=without_a_model(),
            request=analysis("models: {change: {estimator: signed_rank}}\ntests: {H2.change: {parameter: pseudomedian}}"),
        ),
        "fires-information": study(promise=logit(), request=analysis("models: {support: {information: expected}}")),
        "fires-likelihood": study(promise=MIXED, request=analysis("models: {donation: {likelihood: ml}}")),
        "quiet-likelihood": study(promise=MIXED, request=analysis("models: {donation: {likelihood: reml}}")),
        "quiet": study(
            promise=logit(), request=analysis("models: {support: {estimator: glm, family: binomial, link: logit}}")
        ),
    },
    "weight-changed": {
        "fires": study(
            promise=model("weights: {column: duration, kind: probability}"),
            request=analysis("models: {support: {weights: {kind: analytic}}}"),
        ),
        "fires-added": requested("models: {support: {weights: {column: duration, kind: analytic}}}"),
        "fires-inverse": requested("models: {support: {estimator: ipw, form: hajek}}"),
        "quiet-inverse": study(
            promise=model("form: hajek").replace("{estimator: ols, formula: support ~ arm, vcov: HC2, form", "{estimator: ipw, formula: support ~ arm, vcov: HC2, form"),
            request=analysis("models: {support: {estimator: ipw, form: hajek}}"),
        ),
        "quiet": study(
            promise=model("weights: {column: duration, kind: probability}"),
            request=analysis("models: {support: {estimator: wls, weights: {column: duration}}}"),
        ),
    },
    "cluster-changed": {
        "fires": study(
            promise=model("cluster: trust_1", vcov="CR1S"), request=analysis("models: {support: {cluster: trust_2}}")
        ),
        "quiet": study(
            promise=model("cluster: trust_1", vcov="CR1S"),
            request=analysis("models: {support: {cluster: [trust_1], vcov: stata}}"),
        ),
    },
    "contingency-changed": {
        "fires": branching("contingencies: []", TINY),
        "fires-taken": branching("contingencies: null", SMALL),
        "fires-condition": branching("contingencies:\n" + TINY.replace("10", "20"), TINY),
        "fires-branch": branching("contingencies:\n" + TINY.replace("HC3", "HC1"), TINY),
        "fires-added": requested("contingencies:\n" + SMALL),
        "fires-edited": study(promise=contingent(TINY), edited=contingent(TINY.replace("10", "30"))),
        "quiet": branching(
            "contingencies:\n" + TINY.replace("smallest_cell(arm) < 10", "(smallest_cell(arm) < 10.0)"), TINY
        ),
        "quiet-taken": branching("", SMALL),
        "quiet-taken-and-said": branching("models: {support: {vcov: HC3}}", SMALL),
        "quiet-order": branching("contingencies:\n" + AGED + SMALL, SMALL, AGED),
        "quiet-beside-another": branching("tests: {H1.any: {alpha: 0.1}}", TINY, SMALL),
    },
    "effect-size-changed": {
        "fires": study(
            promise=beside("H1.letter", "effect_size: cohens_d"),
            request=analysis("tests: {H1.letter: {effect_size: glass_delta}}"),
        ),
        "fires-added": requested("tests: {H1.letter: {effect_size: hedges_g}}"),
        "fires-dropped": study(
            promise=beside("H1.letter", "effect_size: cohens_d"),
            request=analysis("tests: {H1.letter: {effect_size: null}}"),
        ),
        "quiet": study(
            promise=beside("H1.letter", "effect_size: cohens_d"),
            request=analysis("tests: {H1.letter: {effect_size: cohens_d}}"),
        ),
    },
    "bayes-factor-changed": {
        "fires": study(
            promise=beside("H2.call", NORMAL), request=analysis("tests: {H2.call: {bayes_factor: {sd: 20}}}")
        ),
        "fires-decide": study(
            promise=beside("H2.call", NORMAL + ", decide: {bayes_factor: {at_least: 10}}"),
            request=analysis("tests: {H2.call: {decide: {bayes_factor: {at_least: 3}}}}"),
        ),
        "quiet": study(
            promise=beside("H2.call", NORMAL),
            request=analysis("tests: {H2.call: {bayes_factor: {prior: normal, mean: 0.0, sd: 10.0}}}"),
        ),
    },
    "sesoi-changed": {
        "fires": study(
            promise=equivalence(),
            request=analysis("tests: {H1.letter: {alternative: {equivalent: {high: 2}}}}"),
        ),
        "quiet": study(
            promise=equivalence(),
            request=analysis("tests: {H1.letter: {alternative: {equivalent: {low: -1.0, high: 1}}}}"),
        ),
    },
    "subset-changed": {
        "fires": requested("models: {older: {subset: age >= 45}}"),
        "fires-dropped": requested("models: {older: {subset: null}}"),
        "quiet": requested("models: {older: {subset: (40.0 <= age)}}"),
    },
    "alpha-changed": {
        "fires": requested("tests: {H1.any: {alpha: 0.1}}"),
        "quiet": requested("tests: {H1.any: {alpha: 5e-2}}"),
    },
    "alternative-changed": {
        "fires": requested("tests: {H1.letter: {alternative: two_sided}}"),
        "quiet": requested("tests: {H1.letter: {alternative: 'greater'}}"),
    },
    "correction-changed": {
        "fires": requested("families: {arms: {adjust: none}}"),
        "quiet": requested("families: {arms: {adjust: holm}}"),
    },
    "null-changed": {
        "fires": requested("tests: {H1.any: {null: 0.5}}"),
        "quiet": requested("tests: {H1.any: {null: 0.0}}"),
    },
    "missing-rule-changed": {
        "fires-draws": study(promise=imputed(), request=analysis("imputation: {draws: 6}")),
        "fires-imputation": study(promise=imputed(), request=analysis("imputation: null\nmissing: {covariate: indicator}")),
        "quiet-imputation": study(promise=imputed(), request=analysis("imputation: {draws: 5}")),
        "fires": requested("missing: {covariate: drop_from_test}"),
        "quiet": requested("missing: {factor: drop_from_test, covariate: indicator}"),
    },
    "derivation-changed": {
        "fires-margin": study(promise=raked(), request=analysis(f"derived: {{w: {{{raking(0.6)}}}}}")),
        "fires-trim": study(promise=raked(), request=analysis("derived: {w: {trim: [0.2, 4]}}")),
        "quiet-rake": study(promise=raked(), request=analysis(f"derived: {{w: {{{raking(0.9)}}}}}")),
        "fires": requested("derived: {trust: {at_least: 1}}"),
        "fires-analysed": study(mapping=ANALYSED, analysed__csv=analysed(trust=lambda row: row["trust_1"])),
        "quiet-analysed": study(mapping=ANALYSED, analysed__csv=analysed()),
        "quiet": requested("derived: {trust: {mean_of: [trust_1, trust_2]}}"),
        "fires-cut": rederived("derived: {age_group: {at: [30, 55]}}"),
        "fires-recode": rederived("derived: {effort: {to: {web: 0, phone: 1, post: 2}}}"),
        "fires-over": rederived("derived: {relative_age: {over: collected}}"),
        "fires-over-a-level": rederived("derived: {relative_age: {over: {arm: control}}}"),
        "fires-days": rederived("derived: {waited: {days: {from: until, to: started}}}"),
        "fires-lag": rederived("derived: {earlier: {order: duration}}"),
        "fires-contains": rederived("derived: {called: {any_of: [call]}}"),
        "fires-value": rederived("derived: {together: {value: trust_1 * trust_1}}"),
        "quiet-every-kind": rederived("models: {}"),
        "quiet-other-order": rederived(
            "derived:\n  called: {any_of: [Phone, call]}\n  effort: {to: {post: 3, web: 0, phone: 1}}\n"
            "  age_group: {at: [30.0, 50]}\n  together: {value: (trust_1 * trust_2)}"
        ),
        "quiet-over-rows-that-another-exclusion-keeps": rederived("exclusions:\n" + BOTH.split("\n")[0]),
    },
    "data-before-registration": {
        "fires": study(promise=registration(("registered: 2024-10-20", "registered: 2024-11-02"))),
        "quiet": study(promise=registration(("registered: 2024-10-20", "registered: 2024-11-01"))),
        "fires-by-the-lock": study(
            promise=registration((", registered: 2024-10-20", "")), locked_at__txt="2024-11-02T08:00:00Z\n"
        ),
        "quiet-locked-the-day-before": study(
            promise=registration((", registered: 2024-10-20", "")), locked_at__txt="2024-10-31T23:00:00Z\n"
        ),
        "quiet-locked-late": study(promise=BASE, locked_at__txt="2024-12-24T08:00:00Z\n"),
        "quiet-said": study(
            promise=registration(
                ("registered: 2024-10-20", "registered: 2024-11-02"),
                ("timing: before_collection", "timing: during_collection"),
            )
        ),
    },
    "unit-repeated": {
        "fires": study(data=with_cells("respondent", "R_001", [9])),
        # The 8th respondent did not finish, so that a registered exclusion leaves that row out.
        "quiet": study(data=with_cells("respondent", "R_001", [7])),
    },
    "late-amendment": {
        "fires": amended("2024-11-02T08:00:00Z"),
        "quiet": amended("2024-10-31T08:00:00Z"),
        "quiet-during": amended(
            "2024-11-02T08:00:00Z", ("timing: before_collection", "timing: during_collection")
        ),
    },
    "registration-edited": {
        "fires": study(
            edited=registration(
                ("formula: support ~ arm, vcov: HC2}", "formula: support ~ arm, vcov: HC1}"),
                ("minimum: 120", "minimum: 100"),
            )
        ),
        "fires-less": study(
            edited=registration(
                ("  older: {estimator: ols, formula: support ~ arm, vcov: HC2, subset: age >= 40}\n", ""),
                ("  H3.older: {model: older, joint: arm, alpha: 0.05}\n", ""),
                (BASE[BASE.index("  H3:\n"):], ""),
            )
        ),
        "quiet": study(
            edited=registration(
                ("label: Support (1 to 7)", 'label: "Support, from 1 to 7"'),
                ("title: Asking for support", "title: Asking for more support"),
                ("unit: respondent", "unit: 'respondent'      # one row each"),
                ("  kind: between_subjects\n", ""),
                ("  allocation: independent\n", "  allocation: independent\n  kind: between_subjects\n"),
                ("donation ~ arm + trust + age", "donation ~ 1 + age + arm + trust"),
            )
        ),
    },
    "document-edited": {
        "fires": study(promise=BASE, questionnaire__edited__md=QUESTIONNAIRE.replace("1", "0")),
        "fires-unlisted": study(
            edited=registration(("  documents: [questionnaire.md]\n", "")),
        ),
        "quiet": study(promise=BASE, notes__edited__md="A file that nobody locked.\n"),
    },
    "data-edited": {
        "fires": study(data=with_cells("support", "7", [0]), mapping=f"  sha256: {PIN}\n"),
        "fires-since": study(ledger__txt="lock\nrun other-data\n"),
        "quiet": study(mapping=f"  sha256: sha256:{PIN.upper()}\n"),
        "quiet-rehearsed": study(ledger__txt="lock\nrun other-data simulated\nrun\n"),
    },
    "unlocked-run": {
        "fires": study(lock=UNLOCKED),
        "quiet": study(),
    },
    "plan-changed": {
        "fires": requested("tests: {H1.any: {conf_level: 0.9}}"),
        "fires-statement": requested("hypotheses: {H1: {statement: Asking changes support.}}"),
        "quiet": requested("tests: {H1.any: {conf_level: 0.95}}"),
    },
    "codebook-changed": {
        "fires": requested("variables: {arm: {probability: {control: 0.4, letter: 0.3, call: 0.3}}}"),
        "fires-stage": requested("variables: {age: {stage: post_treatment}}"),
        "fires-blocks": study(
            promise=towns(),
            data=asked(),
            request=analysis("variables: {arm: {probability: {blocks: {north: equal}}}}"),
        ),
        "quiet-blocks": study(
            promise=towns(),
            data=asked(),
            request=analysis("variables: {arm: {probability: {blocks: {north: {call: 0.25, letter: 0.25, control: 0.5}}}}}"),
        ),
        "quiet": requested(
            "variables:\n  arm: {label: How one was asked, probability: {control: 0.3333333333333333,"
            " letter: 0.3333333333333333, call: 0.3333333333333333}}"
        ),
    },
    "design-changed": {
        "fires": requested("design: {sample: {minimum: 100}}"),
        "fires-timing": requested("study: {timing: after_access}"),
        "fires-forbidden": study(
            promise=restricted(),
            data=sent(),
            request=analysis("design: {forbidden: [{arm: letter, sender: mayor}, {arm: call, sender: mayor}]}"),
        ),
        "quiet": requested("design: {sample: {minimum: 120}}\nstudy: {title: Another title}"),
    },
    "rows-missing-without-rule": {
        "fires": study(mapping=ANALYSED, analysed__csv=analysed(less=[0, 1, 40])),
        "fires-one-outcome": study(
            data=with_cells("donation", "", [0, 1]), mapping=ANALYSED, analysed__csv=analysed(less=[0, 1])
        ),
        "quiet": study(mapping=ANALYSED, analysed__csv=analysed()),
        "quiet-no-outcome": study(
            data=without_outcomes([0, 1]),
            mapping=ANALYSED,
            analysed__csv=analysed(less=[0, 1]),
        ),
        "quiet-requested": study(
            mapping=ANALYSED,
            analysed__csv=analysed(less=[i for i, row in enumerate(rows()) if int(row["duration"]) < 90]),
            request=analysis("exclusions:\n" + BOTH + "  - {id: speeders, drop_if: duration < 90}"),
        ),
    },
    "rows-kept-against-rule": {
        "fires": study(mapping=ANALYSED, analysed__csv=analysed(more=[5, 22])),
        "quiet": study(mapping=ANALYSED, analysed__csv=analysed()),
        "quiet-requested": study(
            mapping=ANALYSED,
            analysed__csv=analysed(more=[i for i, row in enumerate(rows()) if row["attentive"] == "failed" and row["finished"] == "1"]),
            request=analysis("exclusions:\n" + BOTH.split("\n")[0]),
        ),
    },
    "rows-not-collected": {
        "fires": study(mapping=ANALYSED, analysed__csv=analysed() + "R_999,40,call,7,90,3.0\n"),
        "quiet": study(
            mapping="  analysed: {path: analysed.csv, by: respondent, columns: {respondent: person}}\n",
            analysed__csv=analysed().replace("respondent", "person", 1),
        ),
    },
    "registered-after-access": {
        "fires": study(ledger__txt="run unlocked\nlock\n"),
        "quiet": study(ledger__txt="lock\nrun\n"),
        "quiet-simulated": study(ledger__txt="run unlocked simulated\nlock\n"),
        "quiet-said": study(
            promise=registration(("timing: before_collection", "timing: after_access")),
            ledger__txt="run unlocked\nlock\n",
        ),
    },
    "amended-after-results": {
        "fires": {**amended("2024-10-31T08:00:00Z"), "ledger.txt": "lock\nrun\namendment\n"},
        "fires-late": {**amended("2024-11-02T08:00:00Z"), "ledger.txt": "lock\nrun\namendment\n"},
        "quiet": {**amended("2024-10-31T08:00:00Z"), "ledger.txt": "lock\namendment\nrun\n"},
        "quiet-rehearsed": {**amended("2024-10-31T08:00:00Z"), "ledger.txt": "lock\nrun simulated\namendment\n"},
    },
    "lock-missing": {
        "fires": study(ledger__txt="other-lock\nrun\n"),
        "fires-gone": study(lock=UNLOCKED, ledger__txt="lock\n"),
        "quiet": {**amended("2024-10-31T08:00:00Z"), "ledger.txt": "lock\n"},
    },
    "ledger-edited": {
        "fires": study(ledger__txt="lock\nrun\nrun\nless\n"),
        "quiet": study(ledger__txt="lock\nrun\nrun\ncut\n"),
    },
    "direction-changed": {
        "fires": requested("tests: {H1.letter: {alternative: less}}"),
        "fires-better": study(
            promise=inferiority(),
            request=analysis("tests: {H1.letter: {alternative: {not_inferior: {better: lower}}}}"),
        ),
        "quiet": requested("tests: {H1.letter: {alternative: two_sided}}"),
        "quiet-margin": study(
            promise=inferiority(),
            request=analysis("tests: {H1.letter: {alternative: {not_inferior: {margin: 2}}}}"),
        ),
    },
    "post-treatment-exclusion": {
        "fires": requested("exclusions:\n" + BOTH + "  - {id: indifferent, drop_if: support = 4}"),
        "fires-derived": requested(
            "derived: {keen: {when: support >= 6}}\nexclusions:\n" + BOTH + "  - {id: keen, drop_if: keen = 1}"
        ),
        "fires-changed": requested(
            "exclusions:\n" + BOTH.replace("attentive = 'failed'", "attentive = 'failed' or donation > 90")
        ),
        "quiet": requested("exclusions:\n" + BOTH + "  - {id: young, drop_if: age < 21}"),
        "quiet-registered": study(
            promise=registration(("attentive = 'failed'", "attentive = 'failed' or donation > 90")),
            request=analysis(
                "exclusions:\n" + BOTH.replace("attentive = 'failed'", "donation > 90 or attentive = 'failed'")
            ),
        ),
    },
    "stopping-rule-missed": {
        "fires": study(promise=sized("target: 100")),
        "fires-short": study(promise=sized("target: 130")),
        "quiet": study(promise=sized("target: 120")),
        "quiet-minimum": study(promise=sized("target: 100, minimum: 100")),
        "quiet-maximum": study(promise=sized("target: 130, maximum: 140")),
        "quiet-words": study(promise=sized("stopping_rule: until the panel is empty")),
    },
    "population-or-provider-changed": {
        "fires": study(promise=supplied(), request=analysis("design: {sample: {provider: MTurk}}")),
        "fires-population": study(promise=supplied(), request=analysis("design: {sample: {population: students}}")),
        "fires-dropped": study(promise=supplied(), request=analysis("design: {sample: {provider: null}}")),
        "quiet": study(
            promise=supplied(),
            request=analysis("design: {sample: {population: 'adults in the US', provider: \"Prolific\"}}"),
        ),
    },
    "factor-added": {
        "fires": study(
            data=sent(),
            request=analysis(
                "variables:\n  sender: {role: factor, label: Sender, levels: {mayor: The mayor, neighbour: A neighbour}, reference: mayor}\n"
                "models: {support: {formula: support ~ arm + sender}}"
            ),
        ),
        "quiet": study(
            data=sent(),
            request=analysis(
                "variables:\n  sender: {role: covariate, label: Sender, levels: {mayor: The mayor, neighbour: A neighbour}, reference: mayor}\n"
                "models: {support: {formula: support ~ arm + sender}}"
            ),
        ),
    },
    "reference-changed": {
        "fires": requested("variables: {arm: {reference: letter}}"),
        "quiet": requested("variables: {arm: {reference: control, label: How one was asked}}"),
    },
    "scale-changed": {
        "fires": requested("variables: {donation: {scale: {max: 1000}}}"),
        "fires-added": study(
            promise=registration(("label: Donation (0 to 100), scale: {min: 0, max: 100}", "label: Donation")),
            request=analysis("variables: {donation: {scale: {min: 0, max: 100}}}"),
        ),
        "quiet": requested("variables: {donation: {label: Donation in euro, scale: {min: 0.0, max: 1e2}}}"),
    },
    "reverse-coding-changed": {
        "fires": requested("derived: {trust: {reverse: [trust_2]}}"),
        "fires-straight": study(promise=reversed_item(), request=analysis("derived: {trust: {reverse: []}}")),
        "quiet": study(
            promise=reversed_item(),
            request=analysis("derived: {trust: {mean_of: [trust_2, trust_1], reverse: [trust_1]}}"),
        ),
        "quiet-items": study(
            promise=reversed_item(), request=analysis("derived: {trust: {at_least: 1}}")
        ),
    },
    "covariate-added": {
        "fires": requested("models: {support: {formula: support ~ arm + age}}"),
        "fires-beside-another": requested("models: {donation: {formula: donation ~ arm + trust + duration}}"),
        "quiet": requested("models: {donation: {formula: donation ~ age + trust + arm}}"),
        "quiet-with-a-product": requested("models: {support: {formula: support ~ arm * age}}"),
    },
    "covariate-dropped": {
        "fires": requested("models: {donation: {formula: donation ~ arm + trust}}"),
        "fires-beside-another": requested("models: {donation: {formula: donation ~ arm + trust + duration}}"),
        "quiet": requested("models: {donation: {formula: donation ~ arm + trust + log(age)}}"),
    },
    "interaction-added": {
        "fires": requested("models: {support: {formula: support ~ arm * age}}"),
        "fires-product": requested("models: {donation: {formula: donation ~ arm * age + trust}}"),
        "quiet": study(promise=moderated(), request=analysis("models: {support: {formula: support ~ age + arm + age:arm}}")),
    },
    "interaction-dropped": {
        "fires": study(promise=moderated(), request=analysis("models: {support: {formula: support ~ arm + age}}")),
        "fires-whole": study(promise=moderated(), request=analysis("models: {support: {formula: support ~ arm}}")),
        "quiet": study(promise=moderated(), request=analysis("models: {support: {formula: support ~ age * arm}}")),
        "quiet-covariate": study(
            promise=moderated("arm * age + trust"), request=analysis("models: {support: {formula: support ~ arm * age}}")
        ),
    },
    "fixed-effects-changed": {
        "fires": study(promise=absorbing("trust_1 + trust_2"), request=analysis("models: {support: {formula: support ~ arm | trust_1}}")),
        "fires-dropped": study(promise=absorbing("trust_1"), request=analysis("models: {support: {formula: support ~ arm}}")),
        "fires-written-out": study(
            promise=absorbing("trust_1"), request=analysis("models: {support: {formula: support ~ arm + factor(trust_1)}}")
        ),
        "quiet": study(promise=absorbing("trust_1 + trust_2"), request=analysis("models: {support: {formula: support ~ arm | trust_2 + trust_1}}")),
    },
}


def main():
    (HERE / "base" / "data.csv").write_text(DATA, encoding="utf-8", newline="\n")
    for slug, fixtures in FIXTURES.items():
        for name, files in fixtures.items():
            folder = HERE / slug / name
            folder.mkdir(parents=True, exist_ok=True)
            for file, text in files.items():
                (folder / file).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
