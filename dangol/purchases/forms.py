"""What people fill in about products."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dangol.purchases.models import Product


class ProductForm(forms.ModelForm):
    """A product and where it stands in the tree."""

    class Meta:
        model = Product
        fields = ["code", "name", "name_en", "parent"]
        labels = {"parent": _("Product above")}
