# Effect sizes with their intervals, on the survey. usage: Rscript tests/oracle/effect_sizes.R SURVEY.csv, from the project's root
# Estimates are effectsize's. Its intervals come from optim(), which stops early: here the same noncentralities are
# found by uniroot() to R's precision, and the generator stops if effectsize's are not near them.
# Risk ratios and differences are glm's and prop.test's: effectsize 0.8.3's riskratio() has a wrong standard error.
suppressPackageStartupMessages({library(effectsize); library(emmeans)})
d <- read.csv(commandArgs(TRUE)[1])
rows <- list()
put <- function(id, x) rows[[length(rows) + 1]] <<- data.frame(id, estimate = x[1], low = x[2], high = x[3])
# Where the lower end is 0 optim() cannot meet both conditions, and its upper end is off as well: nothing to be near.
near <- function(ours, theirs, tolerance = 2e-3) if (ours[1] != 0 && any(abs(ours - theirs) > tolerance * pmax(0.5, abs(theirs)))) stop(paste(c(ours, "not", theirs), collapse = " "))
root <- function(f, from, to) uniroot(f, c(from, to), tol = 1e-14, maxiter = 10000)$root
ncp_t <- function(t, df, p) root(function(x) pt(t, df, x, lower.tail = FALSE) - p, t - 12, t + 12)
ncp_rising <- function(tail, p, most) if (tail(0) >= p) 0 else root(function(x) tail(x) - p, 0, most)
ncp_falling <- function(tail, p, most) if (tail(0) <= p) 0 else root(function(x) tail(x) - p, 0, most)
ncp_f <- function(f, a, b, p) c(ncp_rising(function(x) pf(f, a, b, x, lower.tail = FALSE), p, 8 * f * a + 40),
                                ncp_falling(function(x) pf(f, a, b, x), p, 8 * f * a + 40))
ncp_chi <- function(q, k, p) c(ncp_rising(function(x) pchisq(q, k, x, lower.tail = FALSE), p, 8 * q + 40),
                               ncp_falling(function(x) pchisq(q, k, x), p, 8 * q + 40))

for (arm in c("denounce", "sanctions", "reduce_aid", "terminate")) for (level in c(.95, .9)) {
  x <- d$approval[d$us_response == arm]; y <- d$approval[d$us_response == "status_quo"]
  n1 <- length(x); n2 <- length(y); p <- (1 - level) / 2
  both <- function(t, df, unit) c(ncp_t(t, df, p), -ncp_t(-t, df, p)) * unit
  unit <- sqrt(1 / n1 + 1 / n2)
  es <- cohens_d(x, y, ci = level)
  ends <- both(es$Cohens_d / unit, n1 + n2 - 2, unit); near(ends, c(es$CI_low, es$CI_high))
  put(paste("cohens_d", arm, level), c(es$Cohens_d, ends))
  g <- hedges_g(x, y, ci = level)
  put(paste("hedges_g", arm, level), c(g$Hedges_g, ends * g$Hedges_g / es$Cohens_d))
  unit <- sqrt(1 / n2 + var(x) / (n1 * var(y)))
  es <- glass_delta(x, y, ci = level)
  ends <- both(es$Glass_delta / unit, n2 - 1, unit); near(ends, c(es$CI_low, es$CI_high))
  put(paste("glass_delta", arm, level), c(es$Glass_delta, ends))
  r <- cor.test(c(x, y), rep(1:0, c(n1, n2)), conf.level = level)
  put(paste("r", arm, level), c(r$estimate, r$conf.int))
}
# A partial correlation, with its t's degrees of freedom less one in the place of n - 3.
own <- resid(lm(age ~ us_response + hawkishness, d)); other <- resid(lm(approval ~ us_response + hawkishness, d))
r <- cor(own, other); df <- df.residual(lm(approval ~ us_response + hawkishness + age, d))
put("r age 0.95", c(r, tanh(atanh(r) + c(-1, 1) * qnorm(.975) / sqrt(df - 1))))

of_f <- function(id, f, a, b, level, es) {
  near(es[1], f * a / (f * a + b), 1e-9)
  ends <- ncp_f(f, a, b, (1 - level) / 2); ends <- ends / (ends + b)
  near(ends, es[2:3]); put(id, c(es[1], ends))
}
for (y in c("approval", "contribution")) for (x in c("us_response", "uncooperative_action", "treaty")) {
  fit <- lm(reformulate(x, y), d); a <- anova(fit)
  es <- eta_squared(a, partial = FALSE, ci = .95, alternative = "two.sided")
  of_f(paste("eta_squared", y, x, .95), a$F[1], a$Df[1], a$Df[2], .95, c(es$Eta2, es$CI_low, es$CI_high))
  es <- omega_squared(a, partial = FALSE, ci = .95, alternative = "two.sided")
  w <- es$Omega2; ends <- ncp_f(w / (1 - w) * a$Df[2] / a$Df[1], a$Df[1], a$Df[2], .025)
  ends <- ends / (ends + a$Df[2]); near(ends, c(es$CI_low, es$CI_high))
  put(paste("omega_squared", y, x, .95), c(w, ends))
}
fit <- lm(approval ~ us_response + uncooperative_action + age, d)
for (x in c("us_response", "uncooperative_action")) {
  a <- drop1(fit, x, test = "F"); f <- a$`F value`[2]; k <- a$Df[2]; b <- df.residual(fit)
  es <- F_to_eta2(f, k, b, ci = .9, alternative = "two.sided")
  of_f(paste("partial_eta_squared", x, .9), f, k, b, .9, c(es$Eta2_partial, es$CI_low, es$CI_high))
}

# The event is 1; formal treaties are compared with none.
t <- table(factor(d$approve, 1:0), factor(d$treaty, c("formal", "none")))
es <- oddsratio(t, ci = .95); put("odds_ratio treaty 0.95", c(es$Odds_ratio, es$CI_low, es$CI_high))
p <- prop.test(t(t)[, 1:2], correct = FALSE)
put("risk_difference treaty 0.95", c(-diff(unname(p$estimate)), p$conf.int))
d$formal <- as.integer(d$treaty == "formal")
tight <- glm.control(epsilon = 1e-15, maxit = 100)
fit <- glm(approve ~ formal, binomial("log"), d, control = tight, start = c(log(mean(d$approve)), 0))
put("risk_ratio treaty 0.95", exp(c(coef(fit)[2], confint.default(fit)[2, ])))
for (pair in list(c("approve", "treaty"), c("approve", "us_response"), c("gender", "education"), c("party", "us_response"))) {
  t <- table(d[[pair[1]]], d[[pair[2]]]); q <- suppressWarnings(chisq.test(t, correct = FALSE))
  es <- cramers_v(t, adjust = FALSE, ci = .95, alternative = "two.sided"); most <- sum(t) * (min(dim(t)) - 1)
  stopifnot(abs(es$Cramers_v - sqrt(q$statistic / most)) < 1e-12)
  ends <- pmin(sqrt(ncp_chi(unname(q$statistic), unname(q$parameter), .025) / most), 1)
  near(ends, c(es$CI_low, es$CI_high)); put(paste("cramers_v", pair[1], pair[2], .95), c(es$Cramers_v, ends))
}
d$us_response <- relevel(factor(d$us_response), "status_quo")
fit <- glm(approve ~ us_response + age, binomial, d, control = tight)
for (arm in c("denounce", "terminate")) {
  b <- paste0("us_response", arm)
  put(paste("odds_ratio", arm, .95), exp(c(coef(fit)[b], confint.default(fit)[b, ])))
  e <- regrid(emmeans(fit, "us_response"), transform = "log")
  w <- as.numeric(levels(d$us_response) == arm) - as.numeric(levels(d$us_response) == "status_quo")
  s <- summary(contrast(e, list(x = w)), type = "link", infer = c(TRUE, FALSE), level = .95)
  put(paste("risk_ratio", arm, .95), exp(unlist(s[1, c("estimate", "asymp.LCL", "asymp.UCL")])))
}
# One sample, and pairs: two answers of each respondent. d_av is its definition; effectsize 0.8.3 does not have it.
x <- d$contribution; y <- d$approval; n <- length(x)
for (level in c(.95, .9)) {
  p <- (1 - level) / 2
  of_one <- function(id, es, v, mu) {
    t <- (mean(v) - mu) / (sd(v) / sqrt(n)); ends <- c(ncp_t(t, n - 1, p), -ncp_t(-t, n - 1, p)) / sqrt(n)
    j <- es[[1]] / ((mean(v) - mu) / sd(v)); near(ends * j, c(es$CI_low, es$CI_high)); put(id, c(es[[1]], ends * j))
  }
  of_one(paste("one_sample.cohens_d contribution", level), cohens_d(x, mu = 3.5, ci = level), x, 3.5)
  of_one(paste("one_sample.hedges_g contribution", level), hedges_g(x, mu = 3.5, ci = level), x, 3.5)
  of_one(paste("paired.d_z contribution", level), cohens_d(x, y, paired = TRUE, mu = 0.1, ci = level), x - y, 0.1)
  t <- unname(t.test(x, y, paired = TRUE, mu = 0.1)$statistic); s <- sqrt((var(x) + var(y)) / 2)
  ends <- c(ncp_t(t, n - 1, p), -ncp_t(-t, n - 1, p)) * sd(x - y) / (s * sqrt(n))
  put(paste("paired.d_av contribution", level), c((mean(x - y) - 0.1) / s, ends))
}
r <- cor.test(d$approval, d$age); put("pearson.r age 0.95", c(r$estimate, r$conf.int))

# Terms of an analysis of variance among others.
shares <- function(id, a, level, partials) for (kind in c("eta_squared", "omega_squared")) for (partial in partials) {
  es <- get(kind)(a, partial = partial, ci = level, alternative = "two.sided", verbose = FALSE)
  for (term in es$Parameter) {
    e <- es[es$Parameter == term, ]; share <- e[[2]]; df <- a[term, "Df"]; b <- a["Residuals", "Df"]
    ends <- ncp_f(share / (1 - share) * b / df, df, b, (1 - level) / 2); ends <- ends / (ends + b)
    near(ends, c(e$CI_low, e$CI_high)); put(paste0("anova.", id, ".", if (partial) "partial_", kind, " ", term, " ", level), c(share, ends))
  }
}
shares("I", anova(lm(approval ~ us_response * treaty + age, d)), .9, c(TRUE, FALSE))
shares("II", car::Anova(lm(approval ~ us_response * treaty + age, d), type = 2), .9, TRUE)

out <- do.call(rbind, rows)
for (k in names(out)[-1]) out[[k]] <- format(out[[k]], digits = 17)
con <- file("tests/oracle/effect_sizes.csv", "w")
writeLines(sprintf("# R %s, effectsize %s, emmeans %s", getRversion(), packageVersion("effectsize"), packageVersion("emmeans")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
