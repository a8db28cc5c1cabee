"""The wizard, its panes and its drafts."""
