# lme4's and lmerTest's mixed models: tests/oracle/mixed.csv and mixed_registered.csv, and the data beside them.
# Run in the project's folder: Rscript tests/oracle/mixed.R ../shared/oracles/data_1502.csv
suppressPackageStartupMessages({library(lme4); library(lmerTest)})
survey <- read.csv(commandArgs(TRUE)[1])
exact <- function(x) sprintf("%.17g", x)
save <- function(data, name) {
  data[] <- lapply(data, function(c) if (is.factor(c)) as.integer(c) - 1L else c)
  write.csv(data, file.path("tests/oracle", name), row.names = FALSE, quote = FALSE)
}

sleep <- sleepstudy
save(sleep, "mixed_sleepstudy.csv")
save(Penicillin, "mixed_penicillin.csv")
# Ratings of lectures by the first students and instructors: crossed and unbalanced.
eval <- droplevels(subset(InstEval, as.integer(s) <= 200 & as.integer(d) <= 150))[, c("s", "d", "service", "y")]
eval <- droplevels(eval)
save(eval, "mixed_insteval.csv")
# Groups and slopes whose variances are estimated as zero.
set.seed(20260101, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
flat <- data.frame(g = factor(rep(1:12, each = 6)), x = rep(c(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5), 12))
flat$y <- round(1 + 0.5 * flat$x + rnorm(72), 6)
flat$y <- flat$y - round(0.9 * ave(flat$y, flat$g) - 0.9 * mean(flat$y), 6)
line <- data.frame(g = factor(rep(1:15, each = 8)), x = rep(0:7, 15))
u <- rnorm(15)
line$y <- round(2 + 0.3 * line$x + u[line$g] * (1 + 0.2 * line$x) + rnorm(120), 6)
# Lines through one point, so that the intercepts do not vary beside the slopes.
origin <- data.frame(g = factor(rep(1:15, each = 8)), x = rep(0:7, 15))
origin$y <- 2 + 0.3 * origin$x + (rnorm(15) * 0.5)[origin$g] * origin$x
noise <- rep(c(1, -1, 1, -1, -1, 1, -1, 1), 15) * abs(rnorm(120))
origin$y <- round(origin$y + noise, 6)
save(origin, "mixed_origin.csv")
# Three factors, two with slopes, one nested in another.
three <- expand.grid(rep = 1:2, item = factor(1:9), person = factor(1:24))
three$school <- factor((as.integer(three$person) - 1) %/% 4)
three$x <- round(rnorm(nrow(three)), 3)
effect <- function(g, sd) (rnorm(nlevels(g)) * sd)[g]
three$y <- round(1 + 0.5 * three$x + effect(three$person, 1) + effect(three$person, 0.4) * three$x +
  effect(three$item, 0.7) + effect(three$item, 0.5) * three$x + effect(three$school, 0.8) + rnorm(nrow(three)), 6)
three <- three[-(1:17 * 23), ]
save(three, "mixed_three.csv")
save(flat, "mixed_flat.csv")
save(line, "mixed_line.csv")

rows <- list()
put <- function(model, what, index, value)
  rows[[length(rows) + 1]] <<- data.frame(model, what, index, value = exact(value))

# The fit of lme4 at the minimum itself, and lmerTest's view of it.
polished <- function(name, formula, data, reml) {
  frame <- lFormula(formula, data, REML = reml)
  f <- do.call(mkLmerDevfun, frame)
  lower <- environment(f)$lower
  # From lme4's start, and from others: at a boundary bobyqa may stop where another sign of a covariance is better.
  starts <- list(as.numeric(lower == 0), 0.2 * (lower == 0), 0.2 - 0.4 * (lower != 0), rep(0.2, length(lower)))
  ends <- lapply(starts, function(s)
    nloptwrap(s, f, lower, rep(Inf, length(lower)),
              control = list(xtol_abs = 1e-12, ftol_abs = 1e-13, xtol_rel = 1e-13, ftol_rel = 1e-15, maxeval = 20000)))
  values <- sapply(ends, function(e) e$fval)
  if (diff(range(values)) > 1e-6) cat(name, "ends of the search:", sprintf("%.6f", values), "\n")
  end <- ends[[which.min(values)]]
  theta <- end$par
  free <- !(lower == 0 & theta < 1e-3)
  theta[!free] <- 0
  # Newton steps on lme4's own deviance, so that theta does not depend on a stopping rule.
  g <- function(t) { full <- theta; full[free] <- t; f(full) }
  if (any(free)) for (i in 1:6) {
    t <- theta[free]
    # Wide steps: with numDeriv's own of 1e-4 rounding would take the gradient's digits.
    slope <- numDeriv::grad(g, t, method.args = list(d = 0.1, r = 5))
    theta[free] <- t - solve(numDeriv::hessian(g, t), slope)
  }
  stopifnot(f(theta) <= end$fval + 1e-9 * abs(f(theta)))
  value <- f(theta)
  fit <- mkMerMod(environment(f), list(par = theta, fval = value, feval = 1L, conv = 0L, message = NULL),
                  frame$reTrms, fr = frame$fr)
  fit@call <- call("lmer")
  test <- suppressWarnings(lmerTest:::as_lmerModLT(fit, f))
  list(fit = fit, test = test, value = value)
}

report <- function(name, formula, data, reml) {
  end <- polished(name, formula, data, reml)
  fit <- end$fit; test <- end$test; value <- end$value
  k <- length(fixef(fit))
  each <- function(what, values) for (i in seq_along(values)) put(name, what, i - 1, values[i])
  each("beta", unname(fixef(fit)))
  each("vcov", as.vector(as.matrix(vcov(fit))))
  each("criterion", value)
  each("sigma", sigma(fit))
  each("theta", unname(getME(fit, "theta")))
  each("singular", as.numeric(isSingular(fit)))
  each("groups", unname(ngrps(fit)))
  for (v in VarCorr(fit)) {
    each("sd", unname(attr(v, "stddev")))
    corr <- attr(v, "correlation")
    if (nrow(corr) > 1 && all(is.finite(corr))) each("corr", corr[lower.tri(corr)])
  }
  each("df", sapply(1:k, function(i) suppressWarnings(contest1D(test, as.numeric(1:k == i))$df)))
  if (k > 1) {
    each("df_sum", contest1D(test, rep(1, k))$df)
    joint <- contestMD(test, diag(k)[-1, , drop = FALSE])
    each("F", joint[["F value"]])
    each("F_df1", joint[["NumDF"]])
    each("F_df2", joint[["DenDF"]])
    each("F_p", joint[["Pr(>F)"]])
    if (k > 2) {
      # A third row that depends on the first two.
      l <- rbind(diag(k)[2, ], diag(k)[3, ], diag(k)[2, ] + diag(k)[3, ])
      joint <- contestMD(test, l)
      each("R", joint[["F value"]])
      each("R_df1", joint[["NumDF"]])
      each("R_df2", joint[["DenDF"]])
    }
  }
}

survey$state <- factor(survey$state)
survey$capability <- relevel(factor(survey$capability), "strong")
survey$treaty <- relevel(factor(survey$treaty), "none")
survey$block <- factor(survey$respondent_id %% 500)
both <- function(name, formula, data) {
  report(paste0(name, "_reml"), formula, data, TRUE)
  report(paste0(name, "_ml"), formula, data, FALSE)
}
both("sleep_intercept", Reaction ~ Days + (1 | Subject), sleep)
both("sleep_slope", Reaction ~ Days + (1 + Days | Subject), sleep)
both("sleep_diagonal", Reaction ~ Days + (1 + Days || Subject), sleep)
both("sleep_quadratic", Reaction ~ Days + I(Days^2) + (1 + Days | Subject), sleep)
both("penicillin", diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin)
both("insteval", y ~ service + (1 | s) + (1 | d), eval)
both("flat", y ~ x + (1 | g), flat)
both("line", y ~ x + (1 + x | g), line)
both("origin", y ~ x + (1 + x | g), origin)
both("origin_diagonal", y ~ x + (1 + x || g), origin)
both("three", y ~ x + (1 + x | person) + (1 + x || item) + (1 | school), three)
both("three_slopes", y ~ x + (1 + x || person) + (1 + x | item) + (0 + x | school), three)
both("state", approval ~ hawkishness + age + (1 | state), survey)
both("state_slope", approval ~ hawkishness + age + (1 + hawkishness | state), survey)
both("state_diagonal", contribution ~ hawkishness + age + (1 + hawkishness || state), survey)
both("crossed", contribution ~ hawkishness + age + (1 | block) + (1 | state), survey)

# Registered tests (tests/mixed_registered.rs), on the saved data, each contrast as a row of X.
tests <- list()
one <- function(id, what, value) tests[[length(tests) + 1]] <<- data.frame(id, what, value = exact(value))
registered <- function(model, formula, data, reml, contrasts = list(), joints = list()) {
  end <- polished(model, formula, data, reml)
  x <- lme4::nobars(formula)
  for (id in names(contrasts)) {
    l <- contrasts[[id]](function(...) {
      frame <- data
      for (v in names(list(...))) frame[[v]] <- if (is.factor(data[[v]])) factor(list(...)[[v]], levels(data[[v]])) else list(...)[[v]]
      colMeans(model.matrix(x[-2], frame))
    })
    t <- contest1D(end$test, l, confint = TRUE)
    id <- paste(model, id, sep = ".")
    one(id, "estimate", t$Estimate); one(id, "std_error", t[["Std. Error"]]); one(id, "df", t$df)
    one(id, "statistic", t[["t value"]]); one(id, "p_value", t[["Pr(>|t|)"]])
    one(id, "conf_low", t$lower); one(id, "conf_high", t$upper)
  }
  for (id in names(joints)) {
    k <- which(attr(model.matrix(x[-2], data), "assign") == which(attr(terms(x), "term.labels") == joints[[id]]))
    t <- contestMD(end$test, diag(length(fixef(end$fit)))[k, , drop = FALSE])
    id <- paste(model, id, sep = ".")
    one(id, "statistic", t[["F value"]]); one(id, "df", t$NumDF); one(id, "df", t$DenDF); one(id, "p_value", t[["Pr(>F)"]])
  }
  one(model, "criterion", end$value); one(model, "sigma", sigma(end$fit)); one(model, "singular", isSingular(end$fit))
  # By the terms' order in the registered plan: by group, then the intercept first.
  v <- VarCorr(end$fit)
  key <- sapply(seq_along(v), function(i) paste(sub("\\.[0-9]+$", "", names(v)[i]), rownames(v[[i]])[1] != "(Intercept)"))
  for (i in order(key)) {
    for (sd in attr(v[[i]], "stddev")) one(model, "sd", sd)
    corr <- attr(v[[i]], "correlation")
    for (r in corr[lower.tri(corr)]) if (is.finite(r)) one(model, "correlation", r)
  }
}
read <- function(name, factors) {
  data <- read.csv(file.path("tests/oracle", name))
  data[factors] <- lapply(data[factors], factor)
  data
}
sleep <- read("mixed_sleepstudy.csv", "Subject")
days <- list(
  slope = function(at) at(Days = 1) - at(Days = 0),
  intercept = function(at) at(Days = 0))
for (reml in c(TRUE, FALSE)) {
  kind <- if (reml) "reml" else "ml"
  registered(paste0("sleep_intercept_", kind), Reaction ~ Days + (1 | Subject), sleep, reml, days, list(joint = "Days"))
  registered(paste0("sleep_slope_", kind), Reaction ~ Days + (1 + Days | Subject), sleep, reml, days, list(joint = "Days"))
  registered(paste0("sleep_split_", kind), Reaction ~ Days + (Days || Subject), sleep, reml, days, list(joint = "Days"))
  registered(paste0("sleep_alone_", kind), Reaction ~ Days + (0 + Days | Subject), sleep, reml, days, list(joint = "Days"))
}
eval <- read("mixed_insteval.csv", c("s", "d", "service"))
registered("lectures", y ~ service + (1 | s) + (1 | d), eval, TRUE,
           list(contrast = function(at) at(service = "1") - at(service = "0"), margin = function(at) at(service = "1")),
           list(joint = "service"))
three <- read("mixed_three.csv", c("item", "person", "school", "rep"))
nested <- list(
  contrast = function(at) at(rep = "2") - at(rep = "1"),
  slope = function(at) at(x = 1) - at(x = 0),
  slope_at = function(at) at(rep = "2", x = 1) - at(rep = "2", x = 0),
  margin = function(at) at(rep = "2"))
registered("nested", y ~ rep * x + (1 | school/person) + (1 + x | item), three, TRUE, nested,
           list(joint = "rep", interaction = "rep:x"))
registered("varying", y ~ rep * x + (1 + rep | person) + (1 | item), three, FALSE, nested, list(interaction = "rep:x"))
crossed <- list(
  across = function(at) at(rep = "2", item = "3") - at(rep = "1", item = "3") - at(rep = "2", item = "0") + at(rep = "1", item = "0"),
  contrast = function(at) at(item = "4") / 2 + at(item = "5") / 2 - at(item = "0"))
registered("crossed", y ~ rep * item + (1 | person) + (1 | school), three, TRUE, crossed,
           list(joint = "item", interaction = "rep:item"))
flat <- read("mixed_flat.csv", "g")
registered("flat", y ~ x + (1 | g), flat, TRUE, list(slope = function(at) at(x = 1) - at(x = 0)), list(joint = "x"))
line <- read("mixed_line.csv", "g")
registered("line", y ~ x + (1 + x | g), line, TRUE, list(slope = function(at) at(x = 1) - at(x = 0)), list(joint = "x"))
origin <- read("mixed_origin.csv", "g")
registered("origin", y ~ x + (1 + x | g), origin, TRUE, list(slope = function(at) at(x = 1) - at(x = 0)), list(joint = "x"))

out <- do.call(rbind, rows)
versions <- sprintf("# R %s, lme4 %s, lmerTest %s, numDeriv %s", getRversion(), packageVersion("lme4"),
                    packageVersion("lmerTest"), packageVersion("numDeriv"))
write <- function(name, out) {
  file <- file(file.path("tests/oracle", name), "w")
  writeLines(versions, file)
  write.csv(out, file, row.names = FALSE, quote = FALSE)
  close(file)
}
write("mixed.csv", out)
write("mixed_registered.csv", do.call(rbind, tests))
