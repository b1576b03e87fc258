from django.urls import path

from dangol.purchases import views
from dangol.purchases.lists import ProductList, TransactionList

app_name = "purchases"
urlpatterns = [
    path("", TransactionList.as_view(), name="list"),
    path("products/", ProductList.as_view(), name="products"),
    path("products/new/", views.new_product, name="new_product"),
    path("customer/<uuid:pk>/owned/", views.owned, name="owned"),
    path("customer/<uuid:pk>/", views.of_customer, name="of_customer"),
    path("<uuid:pk>/", views.transaction, name="transaction"),
]
