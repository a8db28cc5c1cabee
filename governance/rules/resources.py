"""The kinds of resources that an access package can give access to."""

GROUP, WEBHOOK = "group", "webhook"
RESOURCE_KINDS = (GROUP, WEBHOOK)
