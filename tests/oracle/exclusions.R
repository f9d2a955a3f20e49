# Exclusions by repeated and outlying rows, by base R. usage: Rscript exclusions.R, from the project's root; writes
# tests/oracle/exclusions*.csv: for each rule, and for all in sequence, whether a row leaves. R 4.2.2.
set.seed(20240611)
n <- 80
d <- data.frame(id = paste0("p", sample(1:70, n, TRUE)), ip = sample(c(NA, 1:60), n, TRUE), arm = sample(c("a", "b"), n, TRUE),
                x = round(rlnorm(n, 2, 0.7), 2), y = round(rnorm(n), 3))
d$x[c(5, 33)] <- NA; d$arm[17] <- NA; d$x[40] <- 250
far <- list(sd = function(v, k) abs(v - mean(v, na.rm = TRUE)) > k * sd(v, na.rm = TRUE),
            mad = function(v, k) abs(v - median(v, na.rm = TRUE)) > k * mad(v, na.rm = TRUE),
            iqr = function(v, k) { q <- quantile(v, c(.25, .75), na.rm = TRUE, type = 7); v < q[1] - k * (q[2] - q[1]) | v > q[2] + k * (q[2] - q[1]) })
# Whether each row leaves, told among the rows of `among`; NA where it cannot be told.
outliers <- function(method, k, within = NULL, among = rep(TRUE, n)) {
  cell <- if (is.null(within)) rep("all", n) else d[[within]]
  out <- rep(NA, n)
  for (level in unique(na.omit(cell))) { at <- which(among & !is.na(cell) & cell == level); out[at] <- far[[method]](d$x[at], k) }
  out
}
duplicates <- function(by, keep, among = rep(TRUE, n)) {
  key <- do.call(paste, d[by]); whole <- complete.cases(d[by]); out <- ifelse(whole, FALSE, NA); at <- which(among & whole)
  k <- key[at]
  out[at] <- switch(keep, first = duplicated(k), last = duplicated(k, fromLast = TRUE), none = duplicated(k) | duplicated(k, fromLast = TRUE))
  out
}
r <- data.frame(sd = outliers("sd", 2), mad = outliers("mad", 3), iqr = outliers("iqr", 1.5),
                sd_arm = outliers("sd", 2, "arm"), mad_arm = outliers("mad", 3, "arm"), iqr_arm = outliers("iqr", 1.5, "arm"),
                first = duplicates("id", "first"), last = duplicates("id", "last"), none = duplicates(c("id", "arm"), "none"),
                address = duplicates("ip", "first"))
keep <- rep(TRUE, n); leave <- function(t) keep <<- keep & !(t %in% TRUE)
leave(duplicates("id", "last", keep)); leave(outliers("sd", 2, NULL, keep)); leave(outliers("sd", 2, NULL, keep)); leave(d$y < -1.5)
leave(outliers("mad", 2.5, "arm", keep))
r$sequence <- !keep
stopifnot(colSums(r, na.rm = TRUE) > 0, colSums(!r, na.rm = TRUE) > 0)
write.csv(d, "tests/oracle/exclusions_data.csv", row.names = FALSE, na = "")
write.csv(data.frame(lapply(r, as.integer)), "tests/oracle/exclusions.csv", row.names = FALSE, na = "")
