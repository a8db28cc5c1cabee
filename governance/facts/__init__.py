"""What the rules are asked about: each function gathers the facts from rows and asks."""
