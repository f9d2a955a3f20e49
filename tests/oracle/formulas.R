# Formulas and codings by R's lm with sandwich's HC2, under the names that this program gives.
# usage: Rscript tests/oracle/formulas.R ../shared/oracles/data_1502.csv, from the project's root
suppressPackageStartupMessages(library(sandwich))
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
arms <- c("status_quo", "denounce", "sanctions", "reduce_aid", "terminate")
steps <- c("hs_or_less", "some_college", "ba", "postgrad")
d$us_response <- factor(d$us_response, arms)
d$treaty <- factor(d$treaty, c("formal", "none"))
d$education <- factor(d$education, steps)
d$party <- factor(d$party, c("democrat", "independent", "republican"))
d$last <- factor(d$us_response, c(arms[-1], arms[1]))
rows <- list()
put <- function(model, fit, names) {
  stopifnot(length(names) == length(coef(fit)), !anyNA(coef(fit)))
  rows[[length(rows) + 1]] <<- data.frame(model, term = names, estimate = unname(coef(fit)), std_error = unname(sqrt(diag(vcovHC(fit, "HC2")))))
}
put("functions", lm(approval ~ log(age) + sqrt(age) + exp(hawkishness), d), c("(Intercept)", "log(age)", "sqrt(age)", "exp(hawkishness)"))
put("poly", lm(approval ~ treaty * poly(age, 2, raw = TRUE), d),
  c("(Intercept)", "treaty[none]", "age", "I(age^2)", "treaty[none]:age", "treaty[none]:I(age^2)"))
put("scale", lm(approval ~ scale(age) * hawkishness, d), c("(Intercept)", "scale(age)", "hawkishness", "scale(age):hawkishness"))
put("nested", lm(approval ~ treaty / party, d),
  c("(Intercept)", "treaty[none]", paste0("treaty[", rep(c("formal", "none"), 2), "]:party[", rep(c("independent", "republican"), each = 2), "]")))
put("no_intercept", lm(approval ~ us_response + age - 1, d), c(paste0("us_response[", arms, "]"), "age"))
put("powers", lm(approval ~ (treaty + age + hawkishness)^2, d),
  c("(Intercept)", "treaty[none]", "age", "hawkishness", "treaty[none]:age", "treaty[none]:hawkishness", "age:hawkishness"))
put("sum", lm(approval ~ last * age, d, contrasts = list(last = contr.sum)),
  c("(Intercept)", paste0("us_response[S.", arms[-1], "]"), "age", paste0("us_response[S.", arms[-1], "]:age")))
put("helmert", lm(approval ~ education + age, d, contrasts = list(education = contr.helmert)), c("(Intercept)", paste0("education[H.", steps[-1], "]"), "age"))
put("polynomial", lm(approval ~ education + age, d, contrasts = list(education = contr.poly)), c("(Intercept)", "education[.L]", "education[.Q]", "education[.C]", "age"))
out <- do.call(rbind, rows)
out$estimate <- format(out$estimate, digits = 17); out$std_error <- format(out$std_error, digits = 17)
con <- file("tests/oracle/formulas.csv", "w")
writeLines(sprintf("# R %s, sandwich %s", getRversion(), packageVersion("sandwich")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
