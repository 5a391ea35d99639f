"""The rules of firms and their facts, each with rows that it refuses and rows that it lets pass."""
