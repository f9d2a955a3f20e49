# The rows of tests/formats.rs as R's haven writes them. usage: Rscript make.R, in this folder.
# R 4.2.2, haven 2.5.1.
library(haven)
frame <- data.frame(
  person = c("Zoë", "b", "c", "d", "e"),
  when = as.POSIXct(c("2024-11-04 10:00:00", "2024-11-05 11:30:00", "2024-11-06 12:00:00", NA, "2024-11-07 08:15:30"), tz = "UTC"),
  mood = c(-0.125, 1.5, NA, 2, -3.75), age = c(33, NA, 51, 18, 99),
  remark = c("fine, thanks", "two\nlines", "", "", "x"))
frame$arm <- labelled(c(1, 2, 2, 1, 2), c(Kontrolle = 1, `Größere Dosis` = 2))
write_dta(frame, "haven_14.dta", version = 14)
write_dta(frame, "haven_15.dta", version = 15)
write_sav(frame, "haven.sav")
write_sav(frame, "haven.zsav", compress = "zsav")
