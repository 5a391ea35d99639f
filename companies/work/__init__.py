"""The front page for work: my firms, what needs doing, recent changes, one search, an incubator's own figures."""
