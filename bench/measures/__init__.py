"""What bench/run measures: one file a measurement, each a function of the options that answers figures by name."""
