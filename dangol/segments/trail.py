"""What is done to segments, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

lend_words(
    {
        "segments.change": _("Segment changed"),
        "segments.end": _("Segment ended"),
        "segments.end_list": _("List of customers ended"),
        "segments.export": _("Members of a segment exported"),
        "segments.make": _("Segment made"),
        "segments.refresh_asked": _("Count of segments ordered"),
        "segments.resume": _("Segment taken up again"),
        "segments.upload_list": _("List of customers uploaded"),
    },
    {
        "segments.customerlist": _("Uploaded list"),
        "segments.refresh": _("Count of segments"),
        "segments.segment": _("Segment"),
    },
)
lend_pages(
    {
        "api segment": _("Members of a segment"),
        "api segment changes": _("Who entered and left a segment"),
        "segment": _("Members of a segment"),
        "segments": _("Segments of a customer"),
    }
)
lend_labels(
    {
        "rule": _("Rule"),
        "taken": _("Customers taken"),
    }
)
