# Jackknife and bootstrap errors by loops over lm, on tests/oracle/randomization_data.csv and the simulated survey.
# usage: Rscript tests/oracle/resampling.R ../shared/oracles/data_1502.csv, from the project's root
d <- read.csv("tests/oracle/randomization_data.csv")
d$z <- as.integer(d$arm == "treated")
rows <- list()
put <- function(id, se) rows[[length(rows) + 1]] <<- data.frame(id, term = c("(Intercept)", "arm[treated]", "x")[seq_along(se)], std_error = se)
jack <- function(groups, w = rep(1, nrow(d))) {
  drawn <- t(sapply(unique(groups), function(g) coef(lm(y ~ z + x, d[groups != g, ], weights = w[groups != g]))))
  n <- nrow(drawn); sqrt(diag((n - 1) / n * crossprod(sweep(drawn, 2, colMeans(drawn)))))
}
put("jackknife", unname(jack(seq_len(nrow(d)))))
put("jackknife.village", unname(jack(d$village)))
put("jackknife.weighted", unname(jack(seq_len(nrow(d)), d$x)))
survey <- read.csv(commandArgs(trailingOnly = TRUE)[1])
x <- model.matrix(~ age + hawkishness, survey); y <- survey$approval
set.seed(20241101)
boot <- function(resample) {
  drawn <- replicate(20000, { i <- resample(); qr.coef(qr(x[i, ]), y[i]) })
  apply(drawn, 1, sd)
}
states <- split(seq_len(nrow(survey)), survey$state)
se <- list(pairs = boot(function() sample.int(nrow(x), replace = TRUE)),
  pairs.state = boot(function() unlist(states[sample.int(length(states), replace = TRUE)], use.names = FALSE)))
fit <- qr(x); beta <- qr.coef(fit, y); e <- y - drop(x %*% beta); a <- solve(crossprod(x), t(x))
se$wild <- apply(replicate(20000, drop(beta + a %*% (e * sample(c(-1, 1), length(e), TRUE)))), 1, sd)
for (id in names(se)) rows[[length(rows) + 1]] <- data.frame(id, term = c("(Intercept)", "age", "hawkishness"), std_error = unname(se[[id]]))
out <- do.call(rbind, rows); out$std_error <- format(out$std_error, digits = 17)
con <- file("tests/oracle/resampling.csv", "w")
writeLines(sprintf("# R %s", getRversion()), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
