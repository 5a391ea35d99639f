"""What soft rules find: computed at each question, shown, explained, never stored and never in the way of a write."""
