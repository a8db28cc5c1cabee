"""The made-up partners, people and packages of a first look.

Every name lies beneath .example, which nobody can have.
"""

from __future__ import annotations

DIRECTORIES = (
    (
        "Pumpworks Group AG",
        "pumpworksgroup.directory.example",
        ("pumpworks.example", "pumpworks-service.example", "pw-hydraulics.example"),
    ),
    (
        "Brightwater University",
        "brightwater.directory.example",
        ("brightwater.example", "alumni.brightwater.example", "brightwater-press.example"),
    ),
    ("Lumen Audit LLP", "lumenaudit.directory.example", ("lumen-audit.example",)),
    (
        "Northgate Rail Operations",
        "northgaterail.directory.example",
        ("northgate-rail.example", "ngr.example"),
    ),
    (
        "Solvane Chemicals NV",
        "solvane.directory.example",
        ("solvane.example", "solvane-labs.example"),
    ),
    ("Aldermoor Clinics", "aldermoor.directory.example", ("aldermoor.example",)),
    ("Tessera Design Studio", "tessera.directory.example", ("tessera-design.example",)),
    (
        "Quillon Insurance",
        "quillon.directory.example",
        ("quillon.example", "quillon-claims.example"),
    ),
)
MEMBERS = (
    ("Anneke Kuiper", "a.kuiper", "Supply chain"),
    ("Tomas Oyelaran", "t.oyelaran", "Plant engineering"),
    ("Mara Lindqvist", "m.lindqvist", "Identity team"),
)
# Days ago, name, description, the name typed for it, other domains, state, which of the members
# sponsor it.
ORGANIZATIONS: tuple[tuple[int, str, str, str, tuple[str, ...], str, tuple[int, ...]], ...] = (
    (21, "Sable Catering", "Site canteen staff.", "sable-catering.example", (), "configured", (0,)),
    (14, "Norr Components", "Castings, under review.", "norr.example", (), "configured", (2,)),
    (
        12,
        "Copperfield Legal",
        "Outside counsel.",
        "copperfield-legal.example",
        (),
        "configured",
        (),
    ),
    (
        9,
        "Brightwater University",
        "Joint corrosion research.",
        "brightwater.example",
        (),
        "configured",
        (1,),
    ),
    (
        7,
        "Northgate Rail",
        "Freight and sidings, north region.",
        "northgate-rail.example",
        (),
        "configured",
        (1,),
    ),
    (5, "Tideline Surveys", "Requested a connection.", "tideline.example", (), "proposed", ()),
    (
        5,
        "Lumen Audit LLP",
        "External auditors, financial year 2026.",
        "lumen-audit.example",
        (),
        "configured",
        (0,),
    ),
    (
        1,
        "Ostrava Marine",
        "Ship surveys and class certificates.",
        "ostrava-marine.example",
        (),
        "configured",
        (2,),
    ),
    (
        0,
        "Pumpworks Group",
        "Hydraulics supplier, plant 2 and 3. Contract HV-2291.",
        "pumpworks.example",
        ("pumpworks-italia.example",),
        "configured",
        (0, 1),
    ),
)
GUESTS = (
    ("Rosa Bianchi", "r.bianchi@pumpworks.example"),
    ("Lea Sommer", "lea@service.pumpworks.example"),
    ("Jonas Frei", "j.frei@pumpworks-italia.example"),
    ("Hugo Brandt", "h.brandt@lumen-audit.example"),
    ("Ines Duarte", "ines@brightwater.example"),
    ("Samir Haddad", "s.haddad@alumni.brightwater.example"),
    ("Petr Novotny", "petr@ostrava-marine.example"),
    ("Kirsten Dahl", "k.dahl@northgate-rail.example"),
)
# Sponsors from the partner itself: organization, address.
EXTERNAL_SPONSORS = (
    ("Pumpworks Group", "r.bianchi@pumpworks.example"),
    ("Brightwater University", "ines@brightwater.example"),
)
INTERNAL = ("internal_sponsors",)
BOTH = ("external_sponsors", *INTERNAL)
# Name, description, listed, policies: name, scope, organizations, who approves in each stage, days.
Policies = tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], int | None], ...]
PACKAGES: tuple[tuple[str, str, bool, Policies], ...] = (
    (
        "Supplier drawings",
        "Drawings and change notes of plants 2 and 3, to read.",
        True,
        (("Hydraulics partners", "named", ("Pumpworks Group", "Ostrava Marine"), BOTH, 180),),
    ),
    (
        "Project calendar",
        "Shutdowns, deliveries and site visits.",
        True,
        (("All partners", "all_configured", (), (), 365),),
    ),
    (
        "Audit workspace",
        "Ledgers and evidence of the financial year.",
        False,
        (("Auditors", "named", ("Lumen Audit LLP",), INTERNAL, 90),),
    ),
    (
        "Corrosion lab data",
        "Measurements of the joint research.",
        True,
        (("Research", "named", ("Brightwater University",), INTERNAL, 120),),
    ),
    (
        "Visitor network",
        "Wireless network on site.",
        True,
        (("Anyone outside", "any_outside", (), INTERNAL, 7), ("Members", "members", (), (), None)),
    ),
)
# Questions that should keep their answer: name, address, package, whether it is to be allowed.
TESTS = (
    ("Rosa can request drawings", "r.bianchi@pumpworks.example", "Supplier drawings", True),
    (
        "Norr Components cannot request while its domain is blocked",
        "buyer@norr.example",
        "Project calendar",
        False,
    ),
)
