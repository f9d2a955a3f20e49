"""The reference study's models by statsmodels, from the raw file, against a record.

usage: python reference.py RECORD.json DATA.csv
"""
import json
import sys

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.formula.api as smf

record = json.load(open(sys.argv[1]))
data = pd.read_csv(sys.argv[2], skiprows=[1, 2])
data = data[(data["Finished"].astype(str) == "1") & (data["passed_check"].astype(str) == "1")]
labels = {
    "us_response": {
        "Keeps its current policy": "status_quo", "Publicly denounces the ally": "denounce",
        "Imposes economic measures": "sanctions", "Reduces military support": "reduce_aid", "Terminates the alliance": "terminate",
    },
    "action": {
        "Underspends on defence": "underspending", "Buys weapons from a rival": "rival_weapons",
        "Refuses to send troops": "refuse_troops", "Does not join sanctions": "no_sanctions",
    },
    "regime": {"Not a democracy": "autocracy", "Democracy": "democracy"},
    "capability": {"Weak military": "weak", "Strong military": "strong"},
    "treaty": {"No formal treaty": "no_treaty", "Formal treaty": "formal"},
}
for column, names in labels.items():
    data[column] = data[column].map(names)
references = {"us_response": "status_quo", "action": "underspending", "regime": "autocracy", "capability": "weak", "treaty": "no_treaty"}
coded = {name: f"C({name}, Treatment('{level}'))" for name, level in references.items()}
formulas = {
    "approval": "approval ~ {us_response}",
    "contribution": "contribution ~ {action}",
    "moderation": "approval ~ {us_response} * ({regime} + {capability} + {treaty})",
}
compared, faults = 0, []
for model in record["models"]:
    fit = smf.ols(formulas[model["id"]].format(**coded), data).fit(cov_type="HC2", use_t=True)
    interval = fit.conf_int()
    for term in model["coefficients"]:
        parts = [] if term["term"] == "(Intercept)" else term["term"].split(":")
        name = ":".join(f"{coded[p.split('[')[0]]}[T.{p.split('[')[1][:-1]}]" for p in parts) or "Intercept"
        theirs = {
            "estimate": fit.params[name], "std_error": fit.bse[name], "statistic": fit.tvalues[name],
            "p_value": fit.pvalues[name], "conf_low": interval.loc[name, 0], "conf_high": interval.loc[name, 1],
        }
        for key, value in theirs.items():
            compared += 1
            if key == "p_value":
                off = 0 if term[key] == value else abs(np.log(term[key]) - np.log(value)) / 1e-6
            else:
                off = abs(term[key] - value) / (1e-9 * max(1e-3, abs(value)))
            if not off <= 1:
                faults.append(f"{model['id']} {term['term']} {key}: record {term[key]!r}, statsmodels {value!r}")
if faults or compared < 150:
    sys.exit("\n".join(faults + [f"{compared} numbers compared"]))
print(compared, "numbers agree with statsmodels", statsmodels.__version__)
