# Multinomial logit by nnet, and the data it was fitted to: Rscript tests/oracle/multinomial.R > tests/oracle/multinomial.csv
suppressMessages({library(MASS); library(nnet)})
cat("# R ", as.character(getRversion()), ", nnet ", as.character(packageVersion("nnet")), ", MASS ",
    as.character(packageVersion("MASS")), "\n", sep = "")
cat("case,quantity,i,j,value\n")
put <- function(case, quantity, m) {
  m <- as.matrix(m)
  for (i in seq_len(nrow(m))) for (j in seq_len(ncol(m)))
    cat(case, quantity, i, j, sprintf("%.17g", m[i, j]), sep = ",", fill = TRUE)
}
d <- birthwt
X <- cbind(1, age = d$age, lwt = d$lwt, smoke = d$smoke)
w <- 1 + (seq_len(nrow(d)) * 7919) %% 4
put("birthwt", "x", X)
put("birthwt", "y", d$race - 1)
put("birthwt", "w", w)
for (case in c("plain", "weighted")) {
  d$w <- if (case == "plain") 1 else w
  m <- multinom(factor(race) ~ age + lwt + smoke, d, weights = w, Hess = TRUE, trace = FALSE,
                reltol = 1e-16, abstol = 1e-16, maxit = 100000)
  put(case, "coef", coef(m))
  put(case, "vcov", vcov(m))
  put(case, "loglik", as.numeric(logLik(m)))
  put(case, "probs", predict(m, data.frame(age = 25, lwt = 130, smoke = 1), type = "probs"))
}
