"""Help: the guide for administrators, and the keyboard shortcuts."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render

from ..queries.guide import guide_page, guide_pages
from ..web.access import needs


@needs(None)
def contents(request):
    return render(request, "governance/guide/contents.html", {"pages": guide_pages()})


@needs(None)
def page(request, name: str):
    found = guide_page(name)
    if found is None:
        raise Http404
    return render(request, "governance/guide/page.html", {"page": found, "pages": guide_pages()})
