"""The pages of the allow and deny list and of your domains."""
