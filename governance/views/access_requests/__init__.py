"""The pages about requests for access, and about the access that people have."""
