"""Pure functions from article to article, and the Beam stages that wire them."""
