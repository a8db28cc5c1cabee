"""What people from outside do on My Access."""
