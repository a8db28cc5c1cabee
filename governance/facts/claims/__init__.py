"""Which organization covers a domain, what lies around it, and who belongs where."""
