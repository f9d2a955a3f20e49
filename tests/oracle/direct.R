# Tests that need no model, by R and car. Writes direct_data.csv, the data, and direct.csv, the numbers.
# usage: Rscript tests/oracle/direct.R, from the project's root
suppressPackageStartupMessages(library(car))
options(warn = -1)
RNGversion("4.0.0"); set.seed(20241101)
draw <- function(set, n, shift, whole = FALSE) {
  z <- rnorm(n)
  y <- 0.6 * z + rnorm(n, shift)
  g <- sample(c("a", "b"), n, TRUE, c(0.4, 0.6))
  h <- sample(c("p", "q", "r"), n, TRUE, c(0.5, 0.3, 0.2))
  y <- y + ifelse(g == "a", shift / 2, 0)
  if (whole) { y <- round(2 * y); z <- round(2 * z) } else { y <- round(y, 6); z <- round(z, 6) }
  u <- as.integer(y + rnorm(n) > 0.2); w <- as.integer(z + rnorm(n) > 0)
  c <- pmin(4, pmax(1, round(2.5 + 0.6 * z + rnorm(n))))
  data.frame(set, y, z, g, h, u, w, c)
}
d <- rbind(draw("nine", 9, 0.4), draw("small", 14, 0.5), draw("fortynine", 49, 0.3), draw("fifty", 50, -0.2),
  draw("tied", 30, 0.3, TRUE), draw("tied_large", 260, 0.2, TRUE), draw("far", 120, 3), draw("large", 300, 0.1))
# A group of every kind has two rows at least.
d$g[ave(seq_len(nrow(d)), d$set, FUN = seq_along) <= 4] <- c("a", "a", "b", "b")
d$h[ave(seq_len(nrow(d)), d$set, FUN = seq_along) <= 6] <- c("p", "p", "q", "q", "r", "r")
write.csv(format(d, trim = TRUE, drop0trailing = TRUE), "tests/oracle/direct_data.csv", row.names = FALSE, quote = FALSE)

rows <- list()
put <- function(set, test, side, quantity, value) {
  if (length(value) == 1 && is.finite(value)) rows[[length(rows) + 1]] <<- data.frame(set, test, side, quantity, value = format(unname(value), digits = 17))
}
sides <- c(two_sided = "two.sided", greater = "greater", less = "less")
each <- function(set, test, run, interval = TRUE, estimate = TRUE) for (side in names(sides)) {
  r <- run(sides[[side]])
  put(set, test, side, "p", r$p.value)
  put(set, test, side, "statistic", r$statistic[1])
  if (length(r$parameter) == 1) put(set, test, side, "df", r$parameter)
  if (estimate && length(r$estimate) == 1) put(set, test, side, "estimate", r$estimate)
  if (side == "two_sided" && interval && !is.null(r$conf.int)) { put(set, test, side, "low", r$conf.int[1]); put(set, test, side, "high", r$conf.int[2]) }
}
for (set in unique(d$set)) {
  s <- d[d$set == set, ]; n <- nrow(s)
  each(set, "one_t", function(a) t.test(s$y, mu = 0.3, alternative = a))
  each(set, "paired_t", function(a) t.test(s$y, s$z, paired = TRUE, alternative = a))
  for (kind in c("one_rank", "paired_rank")) {
    x <- if (kind == "one_rank") s$y else s$y - s$z
    mu <- if (kind == "one_rank") 0.3 else 0
    kept <- (x - mu)[x != mu]
    exact <- length(kept) == n && n < 50 && !anyDuplicated(abs(kept))
    each(set, kind, function(a) wilcox.test(x, mu = mu, alternative = a, conf.int = exact), estimate = exact)
    w <- outer(kept, kept, "+") / 2
    if (!exact) for (side in names(sides)) put(set, kind, side, "estimate", median(w[lower.tri(w, TRUE)]) + mu)
  }
  each(set, "binomial", function(a) binom.test(sum(s$u), n, 0.3, alternative = a))
  for (corrected in c(FALSE, TRUE)) {
    name <- if (corrected) "_corrected" else ""
    each(set, paste0("one_proportion", name), function(a) prop.test(sum(s$u), n, 0.3, alternative = a, correct = corrected))
    each(set, paste0("two_proportions", name), function(a) prop.test(tapply(s$u, s$g, sum), tapply(s$u, s$g, length), alternative = a, correct = corrected))
    m <- mcnemar.test(table(factor(s$u, 0:1), factor(s$w, 0:1)), correct = corrected)
    put(set, paste0("mcnemar", name), "two_sided", "p", m$p.value); put(set, paste0("mcnemar", name), "two_sided", "statistic", m$statistic)
    put(set, paste0("mcnemar", name), "two_sided", "estimate", mean(s$u) - mean(s$w))
  }
  # Fisher's odds ratio and its interval are R's to 1e-4 only: they are held to direct.py.
  t2 <- table(factor(s$g, c("a", "b")), factor(s$u, 1:0))
  each(set, "fisher", function(a) fisher.test(t2, alternative = a), interval = FALSE, estimate = FALSE)
  each(set, "fisher_two", function(a) fisher.test(t2, or = 2, alternative = a), interval = FALSE, estimate = FALSE)
  tc <- table(s$h, s$c)
  if (n < 100) put(set, "fisher_table", "two_sided", "p", fisher.test(tc, workspace = 2e7)$p.value)
  put(set, "fisher_wide", "two_sided", "p", fisher.test(table(s$g, s$c), workspace = 2e7)$p.value)
  each(set, "ks", function(a) {
    x <- s$y[s$g == "a"]; y <- s$y[s$g == "b"]
    r <- ks.test(x, y, alternative = a)
    # R 4.2 gives the two-sided p whatever the alternative, unless it is told of the pooled values; and for `less` it
    # counts the paths of `greater`, which ties make others: D- of x and y is D+ of y and x.
    sizes <- c(length(x), length(y))
    if (a != "two.sided" && prod(sizes) < 1e4)
      r$p.value <- psmirnov(r$statistic, sizes = if (a == "less") rev(sizes) else sizes, z = c(x, y), two.sided = FALSE, lower.tail = FALSE)
    # It takes both from one, which leaves no digits of a small p: direct.py has those.
    if (r$p.value < 1e-6) r$p.value <- NA
    r
  })
  for (method in c("pearson", "spearman", "kendall"))
    each(set, method, function(a) cor.test(s$y, s$z, method = method, alternative = a,
      exact = if (method == "spearman") n <= 9 && !anyDuplicated(s$y) && !anyDuplicated(s$z) else NULL))
  each(set, "uncorrected", function(a) wilcox.test(s$y[s$g == "a"], s$y[s$g == "b"], exact = FALSE, correct = FALSE, alternative = a))
  for (centre in c("mean", "median")) {
    l <- leveneTest(s$y, factor(s$h), center = get(centre))
    for (q in list(c("statistic", l[1, 2]), c("p", l[1, 3]), c("df", l[1, 1]))) put(set, paste0("levene_", centre), "two_sided", q[1], as.numeric(q[2]))
  }
}
# Factorial analysis of variance with unequal cells, a covariate, and another order of the factors.
f <- d[d$set %in% c("tied_large", "large", "far"), ]
f$g <- factor(f$g); f$h <- factor(f$h)
table_of <- function(name, a, kind) for (term in setdiff(rownames(a), c("Residuals", "(Intercept)"))) {
  ours <- gsub(" ", "", term)
  cell <- function(q, column) put(name, ours, kind, q, a[term, column])
  cell("F", intersect(c("F value", "F"), colnames(a))); cell("p", "Pr(>F)"); cell("df1", "Df")
  put(name, ours, kind, "df2", a["Residuals", "Df"])
}
zero <- list(g = contr.sum, h = contr.sum)
for (set in unique(f$set)) {
  s <- f[f$set == set, ]
  models <- list(one_way = y ~ h, crossed = y ~ g * h, swapped = y ~ h * g, covariate = y ~ z + g * h, slopes = y ~ g * z + h)
  for (name in names(models)) {
    m <- lm(models[[name]], s, contrasts = zero[intersect(names(zero), all.vars(models[[name]]))])
    table_of(paste(set, name, sep = "."), anova(m), "I"); table_of(paste(set, name, sep = "."), Anova(m, type = 2), "II"); table_of(paste(set, name, sep = "."), Anova(m, type = 3), "III")
  }
}
con <- file("tests/oracle/direct.csv", "w")
writeLines(sprintf("# R %s, car %s", getRversion(), packageVersion("car")), con)
write.csv(do.call(rbind, rows), con, row.names = FALSE, quote = FALSE); close(con)
