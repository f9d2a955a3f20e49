# Models fitted again on fixed resamples (rows ((7919 j (r + 1) + 104729 r + 31 j^2 mod 1009) mod n) + 1 of draw r), on the
# simulated survey; jackknife errors by loops; percentiles by boot. Successes in trials by glm(cbind(s, f)).
# usage: Rscript tests/oracle/refits.R ../shared/oracles/data_1502.csv, from the project's root
suppressMessages({library(ordinal); library(nnet); library(boot); library(sandwich)})
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
d$treaty <- factor(d$treaty, c("formal", "none")); d$party <- factor(d$party, c("democrat", "independent", "republican"))
d$score <- factor(d$approval); d$trials <- 1 + (d$age %% 4) + d$contribution
d$wins <- pmin(d$trials, d$contribution)
rows <- list(); n <- nrow(d); j <- seq_len(n) - 1
put <- function(case, draw, term, value) rows[[length(rows) + 1]] <<- data.frame(case, draw, term, value = format(value, digits = 17, trim = TRUE))
resample <- function(r) ((7919 * j * (r + 1) + 104729 * r + (31 * j^2) %% 1009) %% n) + 1
tight <- glm.control(epsilon = 1e-15, maxit = 100); f <- ~ treaty + age + hawkishness
named <- c("(Intercept)", "treaty[none]", "age", "hawkishness")
g <- function(y, family) function(d) coef(glm(update(f, paste(y, "~ .")), family, d, control = tight))
fits <- list(
  logit = g("approve", binomial), probit = g("approve", binomial("probit")), cloglog = g("approve", binomial("cloglog")),
  poisson = g("count_y", poisson), trials = g("cbind(wins, trials - wins)", binomial),
  ols = function(d) coef(lm(approval ~ treaty + age + hawkishness, d)),
  weighted = function(d) coef(lm(approval ~ treaty + age + hawkishness, d, weights = weight)),
  means = function(d) coef(lm(approval ~ treaty, d)),
  absorbed = function(d) coef(lm(approval ~ treaty + age + hawkishness + factor(state), d))[2:4],
  ordered_logit = function(d) { m <- clm(score ~ treaty + age + hawkishness, data = d, control = clm.control(gradTol = 1e-10)); c(m$beta, m$alpha) },
  ordered_probit = function(d) { m <- clm(score ~ treaty + age + hawkishness, data = d, link = "probit", control = clm.control(gradTol = 1e-10)); c(m$beta, m$alpha) },
  multinomial = function(d) c(t(coef(multinom(party ~ treaty + age + hawkishness, d, trace = FALSE, reltol = 1e-16, abstol = 1e-16, maxit = 1e5)))))
for (case in names(fits)) for (r in 1:3) { b <- fits[[case]](d[resample(r), ]); put(case, r, seq_along(b), unname(b)) }
jack <- function(d, fit, groups) {
  drawn <- t(sapply(unique(groups), function(g) fit(d[groups != g, ]))); m <- nrow(drawn)
  sqrt(diag((m - 1) / m * crossprod(sweep(drawn, 2, colMeans(drawn)))))
}
old <- d[d$age >= 70, ]
put("jackknife.logit", 0, named, unname(jack(old, fits$logit, seq_len(nrow(old)))))
put("jackknife.state", 0, named, unname(jack(d, fits$logit, d$state)))
put("jackknife.absorbed", 0, named[-1], unname(jack(old, fits$absorbed, seq_len(nrow(old)))))
for (m in c(100, 999)) { t <- sin(seq_len(m)) * seq_len(m)^0.5
  for (level in c(0.9, 0.95)) put(paste0("percentile.", m), level, c("low", "high"), unname(boot:::norm.inter(t, (1 + c(-level, level)) / 2)[, 2])) }
for (m in c(100, 999)) { t <- sin(seq_len(m)) * seq_len(m)^0.5; L <- (sin(seq_len(40) * 1.7) + 1)^3; L <- L - mean(L)
  for (level in c(0.9, 0.95)) put(paste0("bca.", m), level, c("low", "high"), boot:::bca.ci(NULL, level, t0 = 1.5, t = t, L = L)[, 4:5]) }
# The sample mean of a skewed number, drawn by rows: its influences by the jackknife.
old <- d[d$age >= 80, ]; set.seed(20241124)
b <- boot(old$weight, function(y, i) mean(y[i]), 20000)
L <- empinf(b, type = "jack"); ends <- boot.ci(b, type = "bca", L = L)$bca[4:5]
put("influences", 0, seq_along(L), L); put("bca.mean", 0, c("low", "high"), ends)
for (link in c("logit", "probit", "cloglog")) {
  m <- glm(cbind(wins, trials - wins) ~ treaty + age + hawkishness, binomial(link), d, control = tight)
  put(paste0("trials.", link), "coef", named, unname(coef(m)))
  put(paste0("trials.", link), "classical", named, unname(sqrt(diag(vcov(m)))))
  put(paste0("trials.", link), "HC0", named, unname(sqrt(diag(sandwich(m)))))
  put(paste0("trials.", link), "CR0", named, unname(sqrt(diag(vcovCL(m, d$state, type = "HC0", cadjust = FALSE)))))
  put(paste0("trials.", link), "loglik", "value", as.numeric(logLik(m)))
}
out <- do.call(rbind, rows); con <- file("tests/oracle/refits.csv", "w")
writeLines(sprintf("# R %s, ordinal %s, nnet %s, boot %s, sandwich %s", getRversion(), packageVersion("ordinal"), packageVersion("nnet"), packageVersion("boot"), packageVersion("sandwich")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
