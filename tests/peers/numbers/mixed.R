# The studies in mixed_* by lme4 and lmerTest, from their raw files, against their records.
# usage: Rscript mixed.R RECORD.json DATA.csv [RECORD.json DATA.csv ...]
suppressPackageStartupMessages({library(jsonlite); library(lme4); library(lmerTest)})
args <- commandArgs(trailingOnly = TRUE)
# Until nothing moves: with lmer's own stopping rule estimates are good to five digits.
control <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE,
  optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12, xtol_rel = 1e-13, ftol_rel = 1e-15, maxeval = 1e5))
studies <- list(
  sleepstudy = list(groups = "Subject", factors = character(), models = list(
    slopes = list(Reaction ~ Days + (1 + Days | Subject), TRUE),
    split = list(Reaction ~ Days + (1 | Subject) + (0 + Days | Subject), TRUE),
    intercepts = list(Reaction ~ Days + (1 | Subject), FALSE)),
    tests = list(slopes.Days = list("slopes", "greater", 0), split.Days = list("split", "greater", 0),
      intercepts.Days = list("intercepts", "greater", 0), slopes.joint = list("slopes", "joint", 0),
      split.bound = list("split", "greater", 5)),
    family = c("slopes.Days", "split.Days", "intercepts.Days")),
  lectures = list(groups = c("s", "d"), factors = "service", models = list(
    crossed = list(y ~ service + (1 | s) + (1 | d), TRUE)),
    tests = list(crossed.service = list("crossed", "two_sided", 0), crossed.same = list("crossed", "equivalent", c(-0.5, 0.5)),
      crossed.joint = list("crossed", "joint", 0)), family = character()))

compared <- 0; faults <- character()
check <- function(what, theirs, mine, tolerance, log_scale = FALSE) {
  compared <<- compared + 1
  off <- if (log_scale) abs(log(theirs) - log(mine)) else abs(theirs - mine) / abs(mine)
  if (length(off) != 1 || !is.finite(off) || off > tolerance)
    faults <<- c(faults, sprintf("%s: record %.15g, R %.15g", what, as.numeric(theirs), mine))
}

for (pair in split(args, (seq_along(args) - 1) %/% 2)) {
  record <- fromJSON(pair[1], simplifyVector = FALSE)
  study <- studies[[record$study]]
  data <- read.csv(pair[2])
  for (name in c(study$groups, study$factors)) data[[name]] <- factor(data[[name]])
  fits <- lapply(study$models, function(m) lmerTest::lmer(m[[1]], data, REML = m[[2]], control = control))
  stopifnot(setequal(names(fits), sapply(record$models, `[[`, "id")))
  for (model in record$models) {
    fit <- fits[[model$id]]; at <- function(what) paste(record$study, model$id, what)
    check(at("n"), model$n, nobs(fit), 0)
    check(at("log-likelihood"), model$log_likelihood, as.numeric(logLik(fit)), 1e-10)
    check(at("criterion"), model$mixed$criterion, -2 * as.numeric(logLik(fit)), 1e-10)
    check(at("sigma"), model$sigma, sigma(fit), 1e-6)
    if (model$mixed$singular != isSingular(fit)) faults <- c(faults, at("singular"))
    rows <- coef(summary(fit))
    for (i in seq_along(model$coefficients)) {
      term <- model$coefficients[[i]]; mine <- rows[i, ]; what <- at(term$term)
      check(what, term$estimate, mine[["Estimate"]], 1e-6); check(what, term$std_error, mine[["Std. Error"]], 1e-6)
      check(what, term$df, mine[["df"]], 1e-4); check(what, term$p_value, mine[["Pr(>|t|)"]], 1e-4, TRUE)
    }
    parts <- as.data.frame(VarCorr(fit))
    parts$group <- sub("\\.[0-9]+$", "", parts$grp)
    for (term in model$mixed$random) {
      group <- paste(unlist(term$group), collapse = ":")
      check(at(group), term$groups, ngrps(fit)[[group]], 0)
      for (e in term$effects)
        check(at(e$effect), e$sd, parts$sdcor[parts$group == group & parts$var1 == e$effect & is.na(parts$var2)], 1e-5)
      for (c in term$correlations)
        check(at("correlation"), c$correlation,
              parts$sdcor[parts$group == group & parts$var1 == c$effects[[1]] & parts$var2 %in% c$effects[[2]]], 1e-5)
    }
  }
  stopifnot(setequal(names(study$tests), sapply(record$tests, `[[`, "id")))
  p <- list()
  for (test in record$tests) {
    wanted <- study$tests[[test$id]]; fit <- fits[[wanted[[1]]]]; null <- wanted[[3]]
    at <- function(what) paste(record$study, test$id, what)
    if (wanted[[2]] == "joint") {
      f <- contestMD(fit, matrix(c(0, 1), 1))
      check(at("F"), test$statistic, f[["F value"]], 1e-6); check(at("p"), test$p_value, f[["Pr(>F)"]], 1e-4, TRUE)
      check(at("df"), test$df[[2]], f$DenDF, 1e-4)
      next
    }
    t <- contest1D(fit, c(0, 1)); upper <- function(null) pt((t$Estimate - null) / t[["Std. Error"]], t$df, lower.tail = FALSE)
    p[[test$id]] <- switch(wanted[[2]], greater = upper(null), two_sided = t[["Pr(>|t|)"]],
      equivalent = max(upper(null[1]), 1 - upper(null[2])))
    check(at("estimate"), test$estimate, t$Estimate, 1e-6); check(at("error"), test$std_error, t[["Std. Error"]], 1e-6)
    check(at("df"), test$df[[1]], t$df, 1e-4); check(at("p"), test$p_value, p[[test$id]], 1e-4, TRUE)
    half <- qt((1 + test$conf_level) / 2, t$df) * t[["Std. Error"]]
    check(at("interval"), test$conf_high - test$conf_low, 2 * half, 1e-5)
  }
  adjusted <- p.adjust(unlist(p[study$family]), "holm")
  for (id in names(adjusted)) {
    theirs <- Filter(function(t) t$id == id, record$tests)[[1]]$p_adjusted
    check(paste(id, "adjusted"), theirs, adjusted[[id]], 1e-4, TRUE)
  }
}
if (length(faults) > 0 || compared < 80) { cat(faults, sep = "\n"); cat(compared, "numbers compared\n"); quit(status = 1) }
cat(compared, "numbers agree with lme4", as.character(packageVersion("lme4")), "and lmerTest", as.character(packageVersion("lmerTest")), "\n")
