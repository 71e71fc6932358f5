"""The HTTP contract: routers that translate requests into calls of the layers below, and answers into JSON."""
