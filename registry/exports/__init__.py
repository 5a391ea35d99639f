"""Whole sets as files: the state of one number of the feed, built in the background, served with ranges and digests."""
