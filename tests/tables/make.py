"""Writes the tables that tests/claims.rs reads: the models of tests/deviations/base, as other people's programs print them.

usage: python tests/tables/make.py, from the project's root.
Python 3.11, statsmodels 0.15.0, pandas 2.2.3, stargazer 0.0.7 (after Hlavac's R package).
esttab.* are written here after the documentation of Stata's estout (Jann 2007), since no Stata is at hand: their layout is its, their
numbers are these models'.
"""
import pathlib

import pandas as pd
import statsmodels.formula.api as smf
from stargazer.stargazer import Stargazer
from statsmodels.iolib.summary2 import summary_col

FOLDER = pathlib.Path("tests/tables")
d = pd.read_csv("tests/deviations/base/data.csv", dtype={"finished": str})
d = d[(d.finished == "1") & (d.attentive == "passed")].copy()
for arm in ("letter", "call"):
    d["arm" + arm] = (d.arm == arm).astype(float)
older = d[d.age >= 40]
support = smf.ols("support ~ armletter + armcall", d).fit(cov_type="HC2", use_t=True)
aged = smf.ols("support ~ armletter + armcall", older).fit(cov_type="HC2", use_t=True)


def write(name, text):
    (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


table = Stargazer([support, aged])
table.custom_columns(["All", "Forty and over"])
table.show_degrees_of_freedom(False)
write("stargazer.tex", table.render_latex())
write("stargazer.html", table.render_html())
named = Stargazer([support])
named.rename_covariates({"armletter": "By letter", "armcall": "By telephone"})
named.show_confidence_intervals(True)
write("stargazer_intervals.html", named.render_html())
write("summary_col.tex", summary_col([support, aged], stars=True, model_names=["All", "Forty"], float_format="%0.4f").as_latex())

for kind in ("html", "latex_tabular", "csv"):
    table = support.summary().tables[1]
    write("summary." + {"html": "html", "latex_tabular": "tex", "csv": "csv"}[kind], getattr(table, "as_" + kind)())


def stars(p):
    return "***" if p < 0.001 else "**" if p < 0.01 else "*" if p < 0.05 else ""


def rows(fit, beside):
    terms = {"armletter": "By letter", "armcall": "By telephone", "Intercept": "_cons"}
    return [(label, f"{fit.params[t]:.3f}{stars(fit.pvalues[t])}", f"({beside(fit)[t]:.2f})") for t, label in terms.items()]


# esttab using esttab.csv: t statistics in parentheses, every cell as ="…".
csv = ['"","(1)"', '"","support"']
for label, estimate, t in rows(support, lambda f: f.tvalues):
    csv += [f'"{label}","{estimate}"', f'"","{t}"']
csv += [f'"N","{support.nobs:.0f}"', '"t statistics in parentheses"', '"* p<0.05, ** p<0.01, *** p<0.001"']
write("esttab.csv", "\n".join(",".join("=" + cell for cell in line.split(",", 1)) if "parentheses" not in line and "p<" not in line else "=" + line for line in csv) + "\n")
# esttab using esttab.tex, se
tex = [r"{", r"\def\sym#1{\ifmmode^{#1}\else\(^{#1}\)\fi}", r"\begin{tabular}{l*{1}{c}}", r"\hline\hline", r"            &\multicolumn{1}{c}{(1)}\\", r"            &\multicolumn{1}{c}{support}\\", r"\hline"]
for label, estimate, se in rows(support, lambda f: f.bse):
    value, mark = estimate.rstrip("*"), estimate[len(estimate.rstrip("*")):]
    sym = rf"\sym{{{mark}}}" if mark else ""
    label = label.replace("_", r"\_")
    tex += [rf"{label:<12}&       {value}{sym}\\", rf"            &      {se}         \\", r"[1em]"]
tex += [r"\hline", rf"\(N\)       &         {support.nobs:.0f}         \\", r"\hline\hline", r"\multicolumn{2}{l}{\footnotesize Standard errors in parentheses}\\", r"\multicolumn{2}{l}{\footnotesize \sym{*} \(p<0.05\), \sym{**} \(p<0.01\), \sym{***} \(p<0.001\)}\\", r"\end{tabular}", r"}"]
write("esttab.tex", "\n".join(tex) + "\n")
