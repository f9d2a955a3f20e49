# Randomization p-values by complete enumeration in base R, and by coin.
# usage: Rscript tests/oracle/randomization.R, from the project's root
suppressPackageStartupMessages({ library(coin); library(sandwich) })
small <- data.frame(
  y = c(3.1, 6.7, 2.2, 5.9, 5.4, 4.1, 3.8, 7.2, 5.5, 3.6, 4.9, 5.2),
  x = c(1.0, 0.4, 2.2, 1.7, 0.3, 0.9, 1.4, 2.6, 0.8, 1.1, 1.9, 0.2),
  arm = c("control", "control", "control", "treated", "control", "treated", "control", "treated", "treated", "treated", "control", "treated"),
  block = c("a", "a", "b", "a", "b", "a", "c", "b", "b", "c", "c", "c"),
  village = c(1, 1, 1, 2, 3, 2, 3, 4, 5, 5, 6, 4))
# Whole villages are assigned: make the arm that of the village.
village_arm <- c("1" = "control", "2" = "treated", "3" = "control", "4" = "treated", "5" = "treated", "6" = "control")
stopifnot(all(village_arm[as.character(small$village)] == small$arm))
write.csv(cbind(id = 1:12, small), "tests/oracle/randomization_data.csv", row.names = FALSE, quote = FALSE)

complete <- lapply(asplit(combn(12, 6), 2), function(s) as.integer(1:12 %in% s))
by_block <- expand.grid(lapply(split(1:12, small$block), function(rows) {
  k <- sum(small$arm[rows] == "treated"); seq_len(choose(length(rows), k)) }))
blocked <- lapply(seq_len(nrow(by_block)), function(i) {
  z <- integer(12)
  for (b in names(by_block)) {
    rows <- which(small$block == b); k <- sum(small$arm[rows] == "treated")
    z[rows[combn(length(rows), k)[, by_block[i, b]]]] <- 1L
  }
  z })
clustered <- lapply(asplit(combn(6, 3), 2), function(s) as.integer(small$village %in% s))
simple <- lapply(0:4095, function(i) as.integer(bitwAnd(i, 2^(0:11)) > 0))

stat <- function(z, kind) {
  if (min(z) == max(z)) return(NA)
  w <- if (endsWith(kind, "w")) small$x else rep(1, 12)
  fit <- if (endsWith(kind, "x")) lm(small$y ~ z + small$x) else lm(small$y ~ z, weights = w)
  if (startsWith(kind, "estimate")) return(coef(fit)[["z"]])
  v <- if (startsWith(kind, "CR")) vcovCL(fit, small$village, type = "HC0", cadjust = startsWith(kind, "CR1")) else vcovHC(fit, sub("[xw]$", "", kind))
  if (!is.finite(v["z", "z"]) || v["z", "z"] <= 0) NA else coef(fit)[["z"]] / sqrt(v["z", "z"])
}
treated <- as.integer(small$arm == "treated")
rows <- list()
add <- function(scheme, kind, alternative, p) rows[[length(rows) + 1]] <<- data.frame(scheme, kind, alternative, p)
schemes <- list(complete = complete, blocked = blocked, clustered = clustered, independent = simple)
for (scheme in names(schemes)) for (kind in c("estimate", "HC2", "HC0", "estimatex", "HC2x", "estimatew", "HC2w", "HC0w", "HC3w", "CR1", "CR0w")) {
  if (scheme == "independent" && grepl("HC[23]|CR", kind)) next
  all <- sapply(schemes[[scheme]], stat, kind = kind); all <- all[!is.na(all)]
  obs <- stat(treated, kind); slack <- 1e-9 * abs(obs)
  add(scheme, kind, "greater", mean(all >= obs - slack))
  add(scheme, kind, "less", mean(all <= obs + slack))
  add(scheme, kind, "two_sided", mean(abs(all) >= abs(obs) - slack))
}
# Every row by itself, with the probability of its block: allocations weigh by theirs.
treat <- c(a = 0.25, b = 0.5, c = 0.6)[small$block]
weight <- sapply(simple, function(z) prod(ifelse(z == 1, treat, 1 - treat)))
for (kind in c("estimate", "HC0", "estimatex", "estimatew", "HC0w")) {
  all <- sapply(simple, stat, kind = kind); known <- !is.na(all); obs <- stat(treated, kind); slack <- 1e-9 * abs(obs)
  p <- function(extreme) sum(weight[known & extreme]) / sum(weight[known])
  add("by_block", kind, "greater", p(all >= obs - slack)); add("by_block", kind, "less", p(all <= obs + slack))
  add("by_block", kind, "two_sided", p(abs(all) >= abs(obs) - slack))
}
arm <- factor(small$arm, c("treated", "control"))
for (alt in c("greater", "less", "two.sided"))
  add("complete", "coin", sub("two.sided", "two_sided", alt), as.numeric(pvalue(oneway_test(small$y ~ arm, distribution = "exact", alternative = alt))))
out <- do.call(rbind, rows); out$p <- format(out$p, digits = 17)
con <- file("tests/oracle/randomization.csv", "w")
writeLines(sprintf("# R %s, sandwich %s, coin %s", getRversion(), packageVersion("sandwich"), packageVersion("coin")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
