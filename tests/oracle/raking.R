# Raked weights by R's survey. usage: Rscript raking.R, from the project's root; writes tests/oracle/raking*.csv: the
# weights (mean 1), the effective sample size, and a weighted difference with its robust error. R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
set.seed(4)
n <- 240
d <- data.frame(gender = sample(c("man", "woman"), n, TRUE, c(.7, .3)), region = sample(c("north", "south", "east"), n, TRUE, c(.6, .3, .1)),
                arm = sample(c("a", "b"), n, TRUE))
d$y <- round(2 + (d$arm == "b") * .5 + (d$gender == "woman") * .7 + rnorm(n), 3)
d$gender[c(4, 90)] <- NA; d$out <- as.integer(seq_len(n) %% 15 == 0)
k <- d[d$out == 0 & !is.na(d$gender), ]; m <- nrow(k)
design <- svydesign(ids = ~1, weights = ~rep(1, m), data = k)
margins <- list(data.frame(gender = c("man", "woman"), Freq = c(.49, .51) * m),
                data.frame(region = c("east", "north", "south"), Freq = c(.3, .35, .35) * m))
raked <- rake(design, list(~gender, ~region), margins, control = list(maxit = 10000, epsilon = 1e-11))
trimmed <- trimWeights(raked, lower = 0.4, upper = 2.5, strict = TRUE)
k$raked <- weights(raked); k$trimmed <- weights(trimmed)
row <- function(name) {
  w <- k[[name]]; f <- lm(y ~ arm, data = k, weights = w)
  X <- model.matrix(f); e <- residuals(f); A <- solve(t(X) %*% (w * X)); V <- A %*% (t(X) %*% ((w * e)^2 * X)) %*% A
  data.frame(weight = name, rows = m, smallest = min(w), largest = max(w), effective = sum(w)^2 / sum(w^2), deff = m * sum(w^2) / sum(w)^2,
             estimate = coef(f)[["armb"]], hc0 = sqrt(V[2, 2]), woman = sum(w[k$gender == "woman"]) / m, east = sum(w[k$region == "east"]) / m)
}
# The same error by survey's own linearisation of weights that are taken as given.
given <- svyglm(y ~ arm, svydesign(ids = ~1, weights = ~raked, data = k))
stopifnot(all.equal(SE(given)[["armb"]] / sqrt(m / (m - 1)), row("raked")$hc0))
options(digits = 17)
write.csv(d, "tests/oracle/raking_data.csv", row.names = FALSE, na = "")
write.csv(rbind(row("raked"), row("trimmed")), "tests/oracle/raking.csv", row.names = FALSE)
write.csv(data.frame(line = as.integer(rownames(k)) + 1, k[c("raked", "trimmed")]), "tests/oracle/raking_weights.csv", row.names = FALSE)
