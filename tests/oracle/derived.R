# Derived variables by base R. usage: Rscript derived.R, from the project's root; writes tests/oracle/derived*.csv.
# R 4.2.2.
d <- data.frame(
  person = c("a", "a", "a", "b", "b", "c", "d", "d"), wave = c(2, 1, 3, 1, 2, 1, 1, 1),
  arm = c("control", "treated", "control", "control", "treated", "treated", "control", "treated"),
  x = c(1.5, 2, NA, 30, 17.999, 18, 65, 40), y = c(3, 1, 2, 5, 4, NA, 2, 2),
  start = c("2024-02-27", "2024-02-28", "2024-12-31", "2024-01-01", "2024-03-10", "2024-03-31", NA, "2023-02-28"),
  end = c("2024-03-01", "2024-02-28", "2025-01-01", "2023-12-31", "2024-04-10", "2024-10-27", "2024-01-01", "2024-02-29"),
  remark = c("The VACCINE works", "a jabbering", "", "none", "Impfung: vaccine", "ÄRZTE", "ja", "b"))
d$keep <- c(1, 1, 1, 1, 1, 1, 0, 1)
out <- data.frame(value = 100 * (d$x - 1) / 4 + d$y)
out$cut <- findInterval(d$x, c(18, 30, 65))
out$recode <- c(control = -1, treated = 2)[d$arm]
z <- function(v, rows) (v - mean(v[rows], na.rm = TRUE)) / sd(v[rows], na.rm = TRUE)
out$z_collected <- z(d$x, rep(TRUE, 8)); out$z_kept <- z(d$x, d$keep == 1); out$z_control <- z(d$x, d$arm == "control")
out$z_later <- out$z_kept * 2
out$days <- as.numeric(as.Date(d$end) - as.Date(d$start))
out$lag <- NA
for (p in unique(d$person)) { at <- which(d$person == p); o <- at[order(d$wave[at])]; if (length(o) > 1 && !anyDuplicated(d$wave[o])) out$lag[o[-1]] <- d$y[o[-length(o)]] }
out$contains <- ifelse(d$remark == "", NA, as.numeric(grepl("vaccine|ärzte", tolower(d$remark))))

put <- function(frame, file) write.csv(frame, file, row.names = FALSE, na = "")
options(digits = 17)
put(d, "tests/oracle/derived_data.csv"); put(out, "tests/oracle/derived.csv")
