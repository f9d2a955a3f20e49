# Multiple imputation by R's mice. usage: Rscript imputation.R, from the project's root; writes tests/oracle/imputation*.csv:
# what pool() makes of completed nhanes data (exact), and pooled estimates at many draws of pmm on psych's bfi, of which
# ages and educations were deleted depending on the outcome. R 4.2.2, mice 3.15.0, psych 2.2.9.
suppressMessages({library(mice); library(psych)})
options(digits = 17)
fits <- with(mice(nhanes, m = 10, maxit = 10, seed = 11, printFlag = FALSE), lm(chl ~ age + bmi))$analyses
of <- do.call(rbind, lapply(seq_along(fits), function(i) { s <- summary(fits[[i]])$coefficients
  data.frame(draw = i, term = rownames(s), estimate = s[, 1], variance = s[, 2]^2) }))
write.csv(of, "tests/oracle/imputation_draws.csv", row.names = FALSE)
pooled <- function(dfcom) { p <- if (is.finite(dfcom)) pool(as.mira(fits)) else pool(as.mira(fits), dfcom = Inf); s <- summary(p)
  data.frame(term = s$term, complete_df = dfcom, estimate = s$estimate, std_error = s$std.error, df = s$df, p = s$p.value, missing = p$pooled$fmi) }
write.csv(rbind(pooled(22), pooled(Inf)), "tests/oracle/imputation_pooled.csv", row.names = FALSE)

set.seed(5)
d <- bfi[1:450, ]; d <- data.frame(y = rowMeans(d[paste0("N", 1:5)]), age = d$age, education = d$education)
d <- d[!is.na(d$y), ][1:400, ]
d$arm <- sample(c("a", "b"), 400, TRUE); d$high <- as.integer(d$y > 3)
d$age[runif(400) < plogis(-1.6 + .5 * (d$y - 3))] <- NA
d$education[runif(400) < plogis(-2.2 + .4 * (d$arm == "b"))] <- NA
write.csv(d, "tests/oracle/imputation_data.csv", row.names = FALSE, na = "")
d$arm <- factor(d$arm)
many <- function(name, outcome, fit) {
  m <- 400; i <- mice(d[c(outcome, "arm", "age", "education")], m = m, maxit = 10, method = "pmm", seed = 3, printFlag = FALSE)
  p <- pool(fit(i))$pooled
  data.frame(model = name, term = p$term, estimate = p$estimate, std_error = sqrt(p$t), between = p$b, draws = m)
}
out <- rbind(many("linear", "y", function(i) with(i, lm(y ~ arm + age + education))),
             many("logit", "high", function(i) with(i, glm(high ~ arm + age + education, family = binomial))))
write.csv(out, "tests/oracle/imputation.csv", row.names = FALSE)
