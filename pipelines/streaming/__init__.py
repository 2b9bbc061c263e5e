"""The stream: what comes in is gathered, and committed window by window."""
