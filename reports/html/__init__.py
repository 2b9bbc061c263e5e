"""The tables as one HTML page: what is added up, what is shown of single articles, and the page itself."""
