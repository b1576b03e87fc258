"""Where a customer's page is, for what other apps let people do with customers."""

from dangol.ui.deeds import lend_page

lend_page("customer", "customers:list")
