from django.urls import path

from specialists import views

app_name = "specialists"
urlpatterns = [
    path("", views.specialist_list, name="list"),
    path("<slug:slug>/", views.profile, name="profile"),
]
