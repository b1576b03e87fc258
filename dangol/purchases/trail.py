"""What is done to products and purchases, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

lend_words(
    {
        "add_product": _("Product added"),
        "record_transaction": _("Transaction recorded"),
    },
    {
        "purchases.product": _("Product"),
        "purchases.transaction": _("Transaction"),
    },
)
lend_pages(
    {
        "api purchase": _("Purchase page"),
        "api purchases": _("List of purchases"),
        "purchase": _("Purchase page"),
        "purchases": _("List of purchases"),
    }
)
lend_labels(
    {
        "source_key": _("Source key"),
    }
)
