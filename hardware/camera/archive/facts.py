"""What an archive file says about itself, in XMP and, the same, in its information dictionary. No name, no NIK."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from xml.sax.saxutils import escape

from pikepdf import Dictionary, String

Standard = Literal["1b", "2b"]
PROGRAM: Final = "Anjungan"
NAMESPACE: Final = "urn:anjungan:arsip:1#"
_FIELDS: Final = (
    ("Kind", "Text", "Kind of document, as the office's list of papers names it"),
    ("Pages", "Integer", "Number of pages"),
    ("Kiosk", "Text", "Name of the kiosk that took the pictures"),
    ("Dpi", "seq Integer", "True resolution of each page's picture; 0: unknown"),
    ("ImageSha256", "seq Text", "SHA-256 of each page's JPEG file as it lies in this document"),
    ("Searchable", "Integer", "Number of pages whose print could be read"),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Given by whoever has the papers. `kind` and `title` must not name a person; `taken` carries its zone."""

    kind: str
    kiosk: str
    taken: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class PageFacts:
    dpi: int
    sha256: str
    searchable: bool


def xmp(facts: Facts, pages: Sequence[PageFacts], standard: Standard) -> bytes:
    """The XMP packet, with the description of our own fields that PDF/A asks for."""
    moment = facts.taken.isoformat(timespec="seconds")
    values = {
        "Kind": escape(facts.kind),
        "Pages": str(len(pages)),
        "Kiosk": escape(facts.kiosk),
        "Dpi": _sequence(str(page.dpi) for page in pages),
        "ImageSha256": _sequence(page.sha256 for page in pages),
        "Searchable": str(sum(page.searchable for page in pages)),
    }
    own = "\n".join(f"   <arsip:{name}>{value}</arsip:{name}>" for name, value in values.items())
    return _PACKET.format(
        part=standard[0],
        level=standard[1].upper(),
        title=escape(facts.title or facts.kind),
        moment=moment,
        program=PROGRAM,
        namespace=NAMESPACE,
        own=own,
        fields="\n".join(_described(*field) for field in _FIELDS),
    ).encode()


def info(facts: Facts) -> Dictionary:
    """The information dictionary that agrees with `xmp` (ISO 19005-1, 6.7.3)."""
    zone = facts.taken.strftime("%z") or "+0000"
    date = String(f"D:{facts.taken:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'")
    return Dictionary(
        Title=String(facts.title or facts.kind),
        Creator=String(PROGRAM),
        Producer=String(PROGRAM),
        CreationDate=date,
        ModDate=date,
    )


def _sequence(values: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{value}</rdf:li>" for value in values)
    return f"<rdf:Seq>{items}</rdf:Seq>"


def _described(name: str, kind: str, text: str) -> str:
    return f"""       <rdf:li rdf:parseType="Resource">
        <pdfaProperty:name>{name}</pdfaProperty:name>
        <pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
        <pdfaProperty:category>internal</pdfaProperty:category>
        <pdfaProperty:description>{escape(text)}</pdfaProperty:description>
       </rdf:li>"""


_PACKET: Final = """<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <pdfaid:part>{part}</pdfaid:part>
   <pdfaid:conformance>{level}</pdfaid:conformance>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <xmp:CreatorTool>{program}</xmp:CreatorTool>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <pdf:Producer>{program}</pdf:Producer>
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:arsip="{namespace}">
{own}
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas>
    <rdf:Bag>
     <rdf:li rdf:parseType="Resource">
      <pdfaSchema:schema>Anjungan archive file</pdfaSchema:schema>
      <pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>
      <pdfaSchema:prefix>arsip</pdfaSchema:prefix>
      <pdfaSchema:property>
      <rdf:Seq>
{fields}
      </rdf:Seq>
      </pdfaSchema:property>
     </rdf:li>
    </rdf:Bag>
   </pdfaExtension:schemas>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
