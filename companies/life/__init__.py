"""A firm's life on both clocks: what changed, when it was true, when the register learned it."""
