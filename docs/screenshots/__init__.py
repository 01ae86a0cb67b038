"""The pictures of the guides, taken of the running product: `make screenshots`."""
