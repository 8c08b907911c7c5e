# Fits a decision tree to windows of traffic, with rpart.
#
#   Rscript fit.R TRAIN.csv TEST.csv LEAVES
#
# The tree as a table on standard output, an empty line, and what it says of each row of TEST.csv, a
# line each. Exit status 69: rpart is not there.

if (!suppressWarnings(requireNamespace("rpart", quietly = TRUE))) {
  message("rpart is not there (Debian: r-cran-rpart)")
  quit(status = 69)
}
arguments <- commandArgs(trailingOnly = TRUE)
train <- read.csv(arguments[1])
test <- read.csv(arguments[2])
leaves <- as.integer(arguments[3])

# The features stand between the time and the truth.
columns <- names(train)
features <- columns[(match("t_s", columns) + 1):(match("truth", columns) - 1)]
kinds <- sort(unique(train$truth))
train$truth <- factor(train$truth, levels = kinds)

# Each class counts as much as every other. Nothing is missing: what is not told is -1.
grown <- rpart::rpart(
  truth ~ ., train[c(features, "truth")], method = "class",
  parms = list(prior = rep(1 / length(kinds), length(kinds))),
  control = rpart::rpart.control(minbucket = 20, cp = 1e-4, maxdepth = 12, maxcompete = 0,
                                 maxsurrogate = 0, usesurrogate = 0, xval = 0))
# The best subtree with no more leaves than asked for.
steps <- grown$cptable
fits <- steps[steps[, "nsplit"] < leaves, , drop = FALSE]
tree <- rpart::prune(grown, cp = fits[nrow(fits), "CP"])

# rpart numbers the children of node n with 2n and 2n + 1, and keeps nodes in the order of a walk
# that shows parents before their children.
frame <- tree$frame
number <- as.integer(rownames(frame))
place <- function(n) match(n, number) - 1
split <- 0
cat("pianissimo-classifier,1\nwindow_ms,500\nnode,feature,at_most,then,else,class\n")
for (row in seq_len(nrow(frame))) {
  n <- number[row]
  if (frame$var[row] == "<leaf>") {
    cat(row - 1, ",,,,,", kinds[frame$yval[row]], "\n", sep = "")
    next
  }
  split <- split + 1
  # Below the index: to the left if ncat is -1, to the right if it is 1. Features are whole numbers.
  at_most <- ceiling(tree$splits[split, "index"]) - 1
  below <- if (tree$splits[split, "ncat"] < 0) 2 * n else 2 * n + 1
  above <- if (tree$splits[split, "ncat"] < 0) 2 * n + 1 else 2 * n
  cat(row - 1, ",", as.character(frame$var[row]), ",", format(at_most, scientific = FALSE), ",",
      place(below), ",", place(above), ",\n", sep = "")
}
cat("\n")
writeLines(as.character(predict(tree, test, type = "class")))
