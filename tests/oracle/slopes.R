# Average marginal effects of numbers on categories' probabilities, by numerical derivatives of ordinal::clm's and
# nnet's predictions in the number and in the parameters (numDeriv's Richardson extrapolation), with delta-method errors.
# usage: Rscript tests/oracle/slopes.R ../shared/oracles/data_1502.csv, from the project's root
suppressMessages({library(ordinal); library(nnet); library(numDeriv)})
d <- read.csv(commandArgs(trailingOnly = TRUE)[1])
d$treaty <- factor(d$treaty, c("formal", "none")); d$regime <- factor(d$regime, c("democracy", "autocracy"))
d$party <- factor(d$party, c("democrat", "independent", "republican"))
design <- function(d) model.matrix(~ treaty * age + regime + hawkishness, d)
# The derivative in the number: the formula is linear in each, so that the columns' changes are exact.
change <- function(of) { up <- d; up[[of]] <- up[[of]] + 1; design(up) - design(d) }
X <- design(d); rows <- list()
put <- function(model, of, category, value, v) {
  g <- jacobian(value, attr(v, "at")); est <- value(attr(v, "at"))
  rows[[length(rows) + 1]] <<- data.frame(model, of, category, estimate = est, std_error = sqrt(drop(g %*% v %*% t(g))))
}
for (link in c("logit", "probit")) {
  fit <- clm(factor(approval) ~ treaty * age + regime + hawkishness, data = d, link = link, control = clm.control(gradTol = 1e-10))
  k <- length(fit$beta); order <- c(seq_along(fit$alpha) + 0, length(fit$alpha) + seq_len(k))
  v <- vcov(fit)[order, order]; attr(v, "at") <- c(fit$alpha, fit$beta)
  density <- if (link == "logit") dlogis else dnorm; J <- length(fit$alpha) + 1
  for (of in c("age", "hawkishness")) {
    D <- change(of)[, names(fit$beta)]; Z <- X[, names(fit$beta)]
    effect <- function(j) function(p) {
      cuts <- c(-Inf, p[seq_len(J - 1)], Inf); b <- p[-seq_len(J - 1)]; eta <- drop(Z %*% b)
      mean(-(density(cuts[j + 1] - eta) - density(cuts[j] - eta)) * drop(D %*% b))
    }
    for (j in seq_len(J)) put(paste0("ordered_", link), of, j, effect(j), v)
    put(paste0("ordered_", link), of, "mean", function(p) sum(sapply(seq_len(J), function(j) j * effect(j)(p))), v)
  }
}
fit <- multinom(party ~ treaty * age + regime + hawkishness, d, Hess = TRUE, trace = FALSE, reltol = 1e-16, abstol = 1e-16, maxit = 100000)
v <- vcov(fit); attr(v, "at") <- c(t(coef(fit))); k <- ncol(X)
for (of in c("age", "hawkishness")) {
  D <- change(of)
  effect <- function(j) function(p) {
    B <- cbind(0, matrix(p, k)); odds <- exp(X %*% B); share <- odds / rowSums(odds); rise <- D %*% B
    mean(share[, j] * (rise[, j] - rowSums(share * rise)))
  }
  for (j in 1:3) put("multinomial", of, levels(d$party)[j], effect(j), v)
}
out <- do.call(rbind, rows)
for (n in c("estimate", "std_error")) out[[n]] <- format(out[[n]], digits = 17, trim = TRUE)
con <- file("tests/oracle/slopes.csv", "w")
writeLines(sprintf("# R %s, ordinal %s, nnet %s, numDeriv %s", getRversion(), packageVersion("ordinal"), packageVersion("nnet"), packageVersion("numDeriv")), con)
write.csv(out, con, row.names = FALSE, quote = FALSE); close(con)
