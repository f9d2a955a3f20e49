# Ordered models by ordinal, and the data they were fitted to: Rscript tests/oracle/ordered.R > tests/oracle/ordered.csv
suppressMessages({library(MASS); library(ordinal); library(sandwich)})
cat("# R ", as.character(getRversion()), ", ordinal ", as.character(packageVersion("ordinal")), ", sandwich ",
    as.character(packageVersion("sandwich")), ", MASS ", as.character(packageVersion("MASS")), "\n", sep = "")
cat("case,quantity,i,j,value\n")
put <- function(case, quantity, m) {
  m <- as.matrix(m)
  for (i in seq_len(nrow(m))) for (j in seq_len(ncol(m)))
    cat(case, quantity, i, j, sprintf("%.17g", m[i, j]), sep = ",", fill = TRUE)
}
d <- birthwt
d$y <- cut(d$bwt, c(0, 2000, 2500, 3000, 6000), ordered_result = TRUE)
d$w <- 0.5 + (seq_len(nrow(d)) * 7919) %% 4
d$race2 <- as.numeric(d$race == 2)
d$race3 <- as.numeric(d$race == 3)
terms <- c("age", "lwt", "smoke", "race2", "race3")
put("birthwt", "x", d[terms])
put("birthwt", "y", as.integer(d$y) - 1)
put("birthwt", "w", d$w)
tight <- clm.control(gradTol = 1e-12, maxIter = 200)
for (link in c("logit", "probit")) {
  for (weighted in c(FALSE, TRUE)) {
    d$use <- if (weighted) d$w else 1
    m <- clm(y ~ age + lwt + smoke + race2 + race3, data = d, link = link, weights = use, control = tight)
    case <- paste0(link, if (weighted) "/weighted" else "/plain")
    order <- c(names(m$beta), names(m$alpha))
    put(case, "coef", coef(m)[order])
    put(case, "vcov", vcov(m)[order, order])
    put(case, "loglik", as.numeric(logLik(m)))
    if (!weighted) put(case, "HC0", sandwich(m)[order, order])
  }
  m <- clm(y ~ age + lwt + smoke + race2 + race3, data = d, link = link, control = tight)
  for (j in seq_along(terms)) {
    wide <- clm(y ~ age + lwt + smoke + race2 + race3, nominal = as.formula(paste("~", terms[j])), data = d,
                link = link, control = tight)
    put(link, paste0("proportional_", j), c(2 * (logLik(wide) - logLik(m)), attr(logLik(wide), "df") - attr(logLik(m), "df")))
  }
  m0 <- eval(bquote(clm(y ~ age + lwt + smoke + race2 + race3, data = d, link = .(link))))
  nt <- nominal_test(m0)
  put(link, "nominal_test", cbind(nt$LRT, nt$Df, nt$`Pr(>Chi)`)[-1, ])
  wide <- clm(y ~ age + lwt, nominal = ~ smoke + race2 + race3, data = d, link = link, control = tight)
  put(link, "proportional_several", c(2 * (logLik(wide) - logLik(m)), attr(logLik(wide), "df") - attr(logLik(m), "df")))
}
