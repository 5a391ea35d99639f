"""What the stock of high-tech firms may become: cohorts, rates, paths, the test on the past, the renewal cliff."""
