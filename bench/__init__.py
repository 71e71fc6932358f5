"""The performance harness: Liaoran against bare SQL and a floor server, in one run, as ratios."""
