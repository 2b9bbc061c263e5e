"""Where all parts meet: options, command line and the Beam pipelines."""
