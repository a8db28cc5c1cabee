"""My Access: what people from outside can request, their requests and their access."""
