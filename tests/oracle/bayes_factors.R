# Bayes factors, on their own and on the survey. usage: Rscript tests/oracle/bayes_factors.R SURVEY.csv, from the project's root
# ln BF10 of BayesFactor's ttest.tstat(), with the proportional error that it states (NA where it approximates a large t);
# of normal priors by dnorm(), pnorm() and, against the generator's own slips, integrate().
suppressPackageStartupMessages(library(BayesFactor))
d <- read.csv(commandArgs(TRUE)[1])
rows <- list()
put <- function(kind, id, ...) rows[[length(rows) + 1]] <<- data.frame(kind, id, ...)
sides <- list(two_sided = NULL, greater = c(0, Inf), less = c(-Inf, 0))
for (t in c(0, 0.3, 1.7, 2.5, -2.5, 4, 9)) for (n in list(c(20, 0), c(8, 11), c(150, 130), c(740, 762))) for (r in c(0.35, 0.7071, 1.5))
  for (side in names(sides)) {
    b <- suppressMessages(ttest.tstat(t, n[1], n[2], sides[[side]], rscale = r))
    size <- if (n[2]) n[1] * n[2] / sum(n) else n[1]
    put("tstat", side, t = t, df = if (n[2]) sum(n) - 2 else n[1] - 1, size = size, scale = r, log_bf10 = b$bf, error = b$properror)
  }
of_t <- function(side, arm, r, y = "approval") {
  x <- d[[y]][d$us_response == arm]; base <- d[[y]][d$us_response == "status_quo"]
  t <- t.test(x, base, var.equal = TRUE)
  b <- ttestBF(x, base, rscale = r, nullInterval = sides[[side]])
  put("student", paste(arm, side), t = unname(t$statistic), df = unname(t$parameter), size = NA, scale = r,
      log_bf10 = b@bayesFactor$bf[1], error = b@bayesFactor$error[1])
}
for (arm in c("denounce", "sanctions", "reduce_aid", "terminate")) for (side in names(sides)) of_t(side, arm, 0.7071)
# One sample against 3, and pairs: two answers of each respondent.
for (side in names(sides)) for (r in c(0.7071, 0.35)) {
  some <- d[d$age < 25, ]
  t <- t.test(some$contribution, mu = 3); b <- ttestBF(some$contribution, mu = 3, rscale = r, nullInterval = sides[[side]])
  put("one_sample", side, t = unname(t$statistic), df = unname(t$parameter), size = nrow(some), scale = r, log_bf10 = b@bayesFactor$bf[1], error = b@bayesFactor$error[1])
  t <- t.test(some$contribution, some$approval, paired = TRUE, mu = -1)
  b <- ttestBF(some$contribution, some$approval, paired = TRUE, mu = -1, rscale = r, nullInterval = sides[[side]])
  put("paired", side, t = unname(t$statistic), df = unname(t$parameter), size = nrow(some), scale = r, log_bf10 = b@bayesFactor$bf[1], error = b@bayesFactor$error[1])
}
# One predictor: a Cauchy with scale r on its standardised slope has the scale r sqrt(n / Sxx) on its slope over sigma.
fit <- lm(contribution ~ age, d); n <- nrow(d); s <- sum((d$age - mean(d$age))^2)
put("regression", "age", t = unname(coef(summary(fit))[2, 3]), df = n - 2, size = s, scale = sqrt(2) / 4 * sqrt(n / s),
    log_bf10 = linearReg.R2stat(n, 1, summary(fit)$r.squared, rscale = sqrt(2) / 4)$bf, error = 0)

normal <- function(estimate, se, null, mean, sd, side) {
  range <- switch(side, two_sided = c(-Inf, Inf), greater = c(null, Inf), less = c(-Inf, null))
  within <- diff(pnorm(range, mean, sd)); post <- sd^2 / (sd^2 + se^2)
  share <- diff(pnorm(range, mean + post * (estimate - mean), se * sd / sqrt(se^2 + sd^2)))
  log_bf <- dnorm(estimate, mean, sqrt(se^2 + sd^2), log = TRUE) - dnorm(estimate, null, se, log = TRUE) + log(share / within)
  marginal <- integrate(function(x) dnorm(estimate, x, se) * dnorm(x, mean, sd) / within, max(range[1], estimate - 9 * se), min(range[2], estimate + 9 * se), rel.tol = 1e-10)$value
  stopifnot(abs(log(marginal / dnorm(estimate, null, se)) - log_bf) < 1e-7)
  log_bf
}
fit <- glm(approve ~ us_response + age, binomial, transform(d, us_response = relevel(factor(us_response), "status_quo")), control = glm.control(epsilon = 1e-15))
for (arm in c("denounce", "reduce_aid")) for (side in names(sides)) {
  c <- coef(summary(fit))[paste0("us_response", arm), ]
  put("logit", paste(arm, side), t = NA, df = NA, size = NA, scale = 0.5, log_bf10 = normal(c[1], c[2], 0.1, 0.2, 0.5, side), error = 0)
}
out <- do.call(rbind, rows)
for (k in names(out)[-(1:2)]) out[[k]] <- format(out[[k]], digits = 17, trim = TRUE)
con <- file("tests/oracle/bayes_factors.csv", "w")
writeLines(sprintf("# R %s, BayesFactor %s", getRversion(), packageVersion("BayesFactor")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
