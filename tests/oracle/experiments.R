# Estimators of experiments in base R, sandwich and estimatr, on tests/oracle/randomization_data.csv and, of villages,
# pairs and lists, on experiments_data.csv, which it draws.
# usage: Rscript tests/oracle/experiments.R, from the project's root
suppressPackageStartupMessages({library(sandwich); library(estimatr)})
d <- read.csv("tests/oracle/randomization_data.csv")
d$z <- as.integer(d$arm == "treated")
rows <- list()
put <- function(id, estimate, se, df) rows[[length(rows) + 1]] <<- data.frame(id, estimate, std_error = se, df,
  p_value = 2 * pt(abs(estimate / se), df, lower.tail = FALSE), conf_low = estimate - qt(.975, df) * se, conf_high = estimate + qt(.975, df) * se)
w <- t.test(d$y[d$z == 1], d$y[d$z == 0])
stopifnot(abs(unname(w$estimate[1] - w$estimate[2]) / unname(w$stderr) - unname(w$statistic)) < 1e-12)
put("welch", unname(w$estimate[1] - w$estimate[2]), unname(w$stderr), unname(w$parameter))
# Within blocks, weighted by their size; n - 2B degrees of freedom.
by <- split(d, d$block)
est <- sapply(by, function(b) mean(b$y[b$z == 1]) - mean(b$y[b$z == 0]))
v <- sapply(by, function(b) var(b$y[b$z == 1]) / sum(b$z == 1) + var(b$y[b$z == 0]) / sum(b$z == 0))
share <- sapply(by, nrow) / nrow(d)
put("blocked", sum(share * est), sqrt(sum(share^2 * v)), nrow(d) - 2 * length(by))
d$xc <- d$x - mean(d$x)
lin <- lm(y ~ z * xc, d)
put("lin", unname(coef(lin)["z"]), sqrt(vcovHC(lin, "HC2")["z", "z"]), df.residual(lin))
# Villages that were assigned whole, pairs of one row an arm, and lists of three items, or four with the sensitive one.
set.seed(20241125)
size <- rep(c(3, 4, 6, 7, 4), length.out = 20)
e <- data.frame(village = rep(seq_along(size), size)); e$arm <- ifelse(e$village %% 2 == 0, "treated", "control")
e$y <- round(rnorm(nrow(e)) + rnorm(length(size))[e$village] + .6 * (e$arm == "treated"), 4)
e$pair <- (seq_len(nrow(e)) + 1) %/% 2; e$side <- ifelse(seq_len(nrow(e)) %% 2 == sample(0:1, max(e$pair), TRUE)[e$pair], "treated", "control")
e$count <- rbinom(nrow(e), 3, .45) + (e$side == "treated") * rbinom(nrow(e), 1, .3)
# As if a third of the villages each had been treated with probability .5, .4 and .625.
p <- c(.5, .4, .625)[e$village %% 3 + 1]; e$ipw <- ifelse(e$side == "treated", 1 / p, 1 / (1 - p))
stopifnot(nrow(e) %% 2 == 0)
write.csv(e, "tests/oracle/experiments_data.csv", row.names = FALSE, quote = FALSE)
d <- difference_in_means(y ~ arm, e, clusters = village); put("villages", unname(coef(d)), unname(d$std.error), unname(d$df))
d <- difference_in_means(y ~ side, e, blocks = pair); put("pairs", unname(coef(d)), unname(d$std.error), unname(d$df))
w <- lm_robust(y ~ side, e, weights = ipw, se_type = "HC2"); put("hajek", unname(coef(w)[2]), unname(w$std.error[2]), unname(w$df[2]))
t <- split(e$y, e$side); p <- t.test(t$treated, t$control, paired = TRUE)
stopifnot(abs(unname(p$statistic) - unname(coef(d) / d$std.error)) < 1e-10, p$parameter == d$df)
d <- difference_in_means(count ~ side, e); put("list", unname(coef(d)), unname(d$std.error), unname(d$df))
w <- t.test(e$count[e$side == "treated"], e$count[e$side == "control"]); stopifnot(abs(unname(w$stderr) - d$std.error) < 1e-12)
# Hajek's form of registered probabilities .3 and .7, alone, beside a covariate, and of whole villages.
h <- function(f, d, z, ...) { d$w <- ifelse(d[[z]] == "treated", 1 / .3, 1 / .7); lm_robust(f, d, weights = w, ...) }
keep <- function(id, w) put(id, unname(coef(w)[2]), unname(w$std.error[2]), unname(w$df[2]))
r <- read.csv("tests/oracle/randomization_data.csv")
keep("ipw", h(y ~ arm, r, "arm", se_type = "HC2")); keep("ipw_covariate", h(y ~ arm + x, r, "arm", se_type = "HC2"))
keep("ipw_villages", h(y ~ arm + count, e, "arm", clusters = village, se_type = "CR2"))
# Probabilities of treatment that differ by block.
r$w <- with(r, { p <- c(a = .3, b = .5, c = .6)[block]; ifelse(arm == "treated", 1 / p, 1 / (1 - p)) })
keep("ipw_blocks", lm_robust(y ~ arm, r, weights = w, se_type = "HC2"))
keep("ipw_blocks_covariate", lm_robust(y ~ arm + x, r, weights = w, se_type = "HC2"))
# Horvitz and Thompson's form under each way of drawing, with a number of treated that is whole and one that is not.
ht <- function(id, ...) { h <- suppressMessages(horvitz_thompson(..., se_type = "youngs")); stopifnot(is.finite(h$std.error)); put(id, unname(h$coefficients), unname(h$std.error), Inf) }
r$p <- .3; ht("ht_simple", y ~ arm, r, condition_prs = p, simple = TRUE)
r$q <- c(a = .3, b = .5, c = .6)[r$block]; ht("ht_simple_blocks", y ~ arm, r, condition_prs = q, simple = TRUE)
r$h <- .5; ht("ht_complete", y ~ arm, r, condition_prs = h, simple = FALSE)
r$o <- .47; ht("ht_complete_odd", y ~ arm, r, condition_prs = o, simple = FALSE)
ht("ht_blocked", y ~ arm, r, condition_prs = h, blocks = block, simple = FALSE)
r$q <- c(a = .5, b = .45, c = .6)[r$block]; ht("ht_blocked_blocks", y ~ arm, r, condition_prs = q, blocks = block, simple = FALSE)
e$h <- .5; ht("ht_clustered", y ~ arm, e, condition_prs = h, clusters = village, simple = FALSE)
e$p <- .37; ht("ht_clustered_odd", y ~ arm, e, condition_prs = p, clusters = village, simple = FALSE)
# The mean of one arm, by all pairs of units: Horvitz and Thompson's own variance.
own <- function(id, y, p, joint) {
  n <- nrow(r); t <- which(r$arm == "treated"); v <- sum(outer(t, t, function(i, j) {
    both <- ifelse(i == j, p[i], joint(i, j)); (both - p[i] * p[j]) / both * y[i] / p[i] * y[j] / p[j] }))
  put(id, sum((y / p)[t]) / n, sqrt(v) / n, Inf)
}
own("ht_simple_mean", r$y, r$p, function(i, j) r$p[i] * r$p[j])
own("ht_complete_mean", r$y, r$h, function(i, j) 6 / 12 * 5 / 11)
out <- do.call(rbind, rows)
for (k in names(out)[-1]) out[[k]] <- format(out[[k]], digits = 17)
con <- file("tests/oracle/experiments.csv", "w")
writeLines(sprintf("# R %s, sandwich %s, estimatr %s", getRversion(), packageVersion("sandwich"), packageVersion("estimatr")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
