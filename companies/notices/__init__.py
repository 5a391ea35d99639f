"""Official lists of certified firms: loaded by registrars, read beside the register by each incubator."""
