# Splines and orthogonal polynomials by R's lm and glm: coefficients, predictive margins at a number, and average slopes,
# by the five-point formula, which is exact for cubic pieces. Errors by sandwich's HC2; the logit's by its information.
# usage: Rscript tests/oracle/splines.R ../shared/oracles/data_1502.csv, from the project's root
suppressPackageStartupMessages({library(splines); library(sandwich)})
all <- read.csv(commandArgs(trailingOnly = TRUE)[1])
all$treaty <- factor(all$treaty, c("formal", "none"))
rows <- list()
put <- function(model, quantity, term, estimate, v) {
  rows[[length(rows) + 1]] <<- data.frame(model, quantity, term = paste0('"', term, '"'), estimate, std_error = sqrt(v))
}
matrix_at <- function(fit, d) model.matrix(delete.response(terms(fit)), d, xlev = fit$xlevels)
fitted_by <- function(model, fit, d, ages = c(), slope = FALSE, v = vcovHC(fit, "HC2")) {
  b <- coef(fit); stopifnot(!anyNA(b)); link <- family(fit); w <- weights(fit); if (is.null(w) || inherits(fit, "glm")) w <- rep(1, nrow(d))
  names <- gsub("treatynone", "treaty[none]", names(b)); names <- gsub("\\)([0-9]+)", ")[\\1]", names)
  names[names == "ns(age, 1)"] <- "ns(age, 1)[1]" # R leaves the number out of a single column's name
  names <- gsub("df = ", "", names); names <- gsub("age, degree = 2, 5", "age, 5, degree = 2", names)
  put(model, "coefficient", names, b, diag(v))
  average <- function(X, D, quantity, term) {
    eta <- drop(X %*% b)
    if (is.null(D)) { est <- link$linkinv(eta); g <- link$mu.eta(eta) * X }
    else { h <- 1e-4; curve <- (link$mu.eta(eta + h) - link$mu.eta(eta - h)) / (2 * h)
      est <- link$mu.eta(eta) * drop(D %*% b); g <- link$mu.eta(eta) * D + curve * drop(D %*% b) * X }
    g <- drop(w %*% g) / sum(w)
    put(model, quantity, term, sum(w * est) / sum(w), drop(g %*% v %*% g))
  }
  for (age in ages) { at <- d; at$age <- age; at$treaty <- factor("none", levels(d$treaty)); average(matrix_at(fit, at), NULL, "margin", age) }
  if (slope) {
    h <- 1e-3; shift <- function(k) { up <- d; up$age <- up$age + k * h; matrix_at(fit, up) }
    average(matrix_at(fit, d), (8 * (shift(1) - shift(-1)) - (shift(2) - shift(-2))) / (12 * h), "slope", "age")
  }
}
d <- all
fitted_by("ns", lm(approval ~ ns(age, 3), d), d)
fitted_by("line", lm(approval ~ ns(age, 1), d), d)
fitted_by("crossed", lm(approval ~ treaty * ns(age, 4) + hawkishness, d), d, c(40, 10, 100), TRUE)
fitted_by("bs", lm(approval ~ treaty + bs(age, df = 5), d), d, c(40, 18, 92), TRUE)
fitted_by("quadratic", lm(approval ~ treaty + bs(age, degree = 2, df = 5), d), d, 41.5)
fitted_by("knots", lm(approval ~ treaty * ns(age, knots = c(30, 50.5)), d), d, 25, TRUE)
fitted_by("narrow", lm(approval ~ treaty + ns(age, 3, Boundary.knots = c(25, 70)), d), d, c(20, 60), TRUE)
suppressWarnings(fitted_by("beyond", lm(approval ~ treaty + bs(age, knots = c(40, 55), Boundary.knots = c(20, 80)), d), d, c(19, 60, 85), TRUE))
fitted_by("poly", lm(approval ~ treaty * poly(age, 3), d), d, c(40, 95), TRUE)
fitted_by("high", lm(approval ~ poly(age, 6), d), d)
d <- subset(all, hawkishness > 2.5)
fitted_by("subset", lm(approval ~ treaty + ns(age, 3) + poly(hawkishness, 2), d), d, 40, TRUE)
d <- all
fitted_by("weighted", lm(approval ~ treaty * ns(age, 3) + poly(hawkishness, 2), d, weights = weight), d, 40, TRUE)
logit <- glm(approve ~ treaty * ns(age, 3) + poly(hawkishness, 2), binomial, d, epsilon = 1e-14)
fitted_by("logit", logit, d, c(40, 70), TRUE, vcov(logit))
# Balanced averages hold the number at its mean, as emmeans does.
fit <- lm(approval ~ treaty * ns(age, 4) + hawkishness, d)
at <- data.frame(treaty = factor("none", levels(d$treaty)), age = mean(d$age), hawkishness = mean(d$hawkishness))
X <- matrix_at(fit, at); put("crossed", "balanced", "age", drop(X %*% coef(fit)), drop(X %*% vcovHC(fit, "HC2") %*% t(X)))
out <- do.call(rbind, rows)
for (n in c("estimate", "std_error")) out[[n]] <- format(out[[n]], digits = 17, trim = TRUE)
con <- file("tests/oracle/splines.csv", "w")
writeLines(sprintf("# R %s with its splines, sandwich %s", getRversion(), packageVersion("sandwich")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
