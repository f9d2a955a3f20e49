"""The study in likelihood/ by statsmodels, against a record.

usage: python likelihood.py RECORD.json DATA.csv
"""
import json
import sys
import warnings

import numpy as np
import pandas as pd
import statsmodels
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.miscmodels.ordinal_model import OrderedModel

warnings.simplefilter("ignore")
record = json.load(open(sys.argv[1]))
data = pd.read_csv(sys.argv[2], keep_default_na=False)
references = {"us_response": "status_quo", "regime": "autocracy", "treaty": "none"}
US = "C(us_response, Treatment('status_quo'))"
REGIME = "C(regime, Treatment('autocracy'))"
TREATY = "C(treaty, Treatment('none'))"
response = f"approve ~ {US} + hawkishness"
counts = f"count_y ~ {US} + hawkishness"
aged = f"approve ~ {US} + age"
newton = {"method": "newton", "tol": 1e-14, "maxiter": 200, "disp": 0}
clusters = {"groups": data["state"], "use_correction": False}
groups, n = data["state"].nunique(), len(data)
few = data[data["respondent_id"] <= 16]
binomial, probit = sm.families.Binomial(), sm.families.Binomial(sm.families.links.Probit())
tight = {"tol": 1e-14, "maxiter": 200}

# Model → the fit, and what its errors are to be multiplied by.
fits = {
    "logit": (smf.logit(f"approve ~ {US} * {REGIME} + age", data).fit(**newton), 1),
    "logit_sandwich": (smf.logit(response, data).fit(cov_type="HC0", **newton), 1),
    "logit_frequency": (smf.glm(aged, data, family=binomial, freq_weights=data["fweight"]).fit(**tight), 1),
    "probit_observed": (smf.probit(response, data).fit(**newton), 1),
    "probit_expected": (smf.glm(response, data, family=probit).fit(**tight), 1),
    "poisson": (smf.poisson(counts, data).fit(**newton), 1),
    "poisson_robust": (smf.poisson(counts, data).fit(cov_type="HC0", **newton), 1),
    "poisson_clustered": (smf.poisson(counts, data).fit(cov_type="cluster", cov_kwds=clusters, **newton), np.sqrt(groups / (groups - 1))),
    "survey": (smf.wls(f"contribution ~ {US} * {REGIME}", data, weights=data["weight"]).fit(cov_type="HC0"), np.sqrt(n / (n - 1))),
    "clustered": (smf.ols(f"contribution ~ {US} + age", data).fit(cov_type="cluster", cov_kwds={"groups": data["state"]}), 1),
    "few": (smf.ols(f"contribution ~ {TREATY}", few).fit(cov_type="HC2"), 1),
}
coded = {"us_response": US, "regime": REGIME, "treaty": TREATY}


def theirs(term):
    if term == "(Intercept)":
        return "Intercept"
    part = lambda p: f"{coded[p.split('[')[0]]}[T.{p.split('[')[1][:-1]}]" if "[" in p else p
    return ":".join(map(part, term.split(":")))


compared, faults = 0, []


def check(what, ours, mine, tolerance=1e-6):
    global compared
    compared += 1
    if not abs(ours - mine) <= tolerance * max(1e-3, abs(mine)):
        faults.append(f"{what}: record {ours!r}, statsmodels {mine!r}")


models = {model["id"]: model for model in record["models"]}
for name, (fit, factor) in fits.items():
    if len(models[name]["coefficients"]) != len(fit.params):
        faults.append(f"{name} has other coefficients")
    for term in models[name]["coefficients"]:
        check(f"{name} {term['term']}", term["estimate"], fit.params[theirs(term["term"])])
        check(f"{name} {term['term']} error", term["std_error"], factor * fit.bse[theirs(term["term"])])

# OrderedModel differentiates numerically, its thresholds as logs of their distances: coefficients alone, errors to 1e-3.
levels = ["denounce", "sanctions", "reduce_aid", "terminate"]
arms = pd.DataFrame({f"us_response[{level}]": (data["us_response"] == level).astype(float) for level in levels})
for name, covariate, distribution in [("ordered_logit", "hawkishness", "logit"), ("ordered_probit", "age", "probit")]:
    fit = OrderedModel(data["approval"], arms.assign(**{covariate: data[covariate]}), distr=distribution).fit(method="bfgs", gtol=1e-8, maxiter=2000, disp=0)
    for term in models[name]["coefficients"][:5]:
        check(f"{name} {term['term']}", term["estimate"], fit.params[term["term"]], 1e-4)
        check(f"{name} {term['term']} error", term["std_error"], fit.bse[term["term"]], 1e-3)

parties = ["independent", "democrat", "republican"]
fit = sm.MNLogit(data["party"].map(parties.index), sm.add_constant(data[["age", "hawkishness"]])).fit(**newton)
for term in models["multinomial"]["coefficients"]:
    party, name = term["term"].split(": ")
    column, row = parties.index(party) - 1, "const" if name == "(Intercept)" else name
    check(f"multinomial {term['term']}", term["estimate"], fit.params.loc[row].iloc[column])
    check(f"multinomial {term['term']} error", term["std_error"], fit.bse.loc[row].iloc[column])

if faults or compared < 170:
    sys.exit("\n".join(faults + [f"{compared} numbers compared"]))
print(compared, "numbers agree with statsmodels", statsmodels.__version__)
